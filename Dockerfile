# The product in an image: dependencies by hash, no build tools kept, not root.
FROM python:3.11-slim AS build
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE asgi.py ./
COPY portfolio portfolio
COPY api api
COPY dashboard dashboard
COPY migrations migrations
COPY seeds seeds
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --no-index -e .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /app portfolio && install -d -o portfolio /var/lib/portfolio
# pg_dump and pg_restore, for portfolio backup and restore.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 PORT=8050
USER portfolio
EXPOSE 8050
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=5 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8050/api/ready', timeout=4)"]
CMD ["portfolio", "serve"]
