"""The Django REST Framework way, served like the others: generic views over the same tables."""

import os

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.drf_app.settings"
app = WSGIMiddleware(get_wsgi_application(), workers=8)
