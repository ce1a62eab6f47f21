"""One list by token: a ModelSerializer with slug lists, prefetched, in limit-offset pages."""

from typing import Any

from django.http import JsonResponse
from django.urls import path
from rest_framework import generics, pagination, permissions, serializers

from bench.peers.drf_app.holder import Holder
from bench.peers.drf_app.models import Project

COLUMNS = [field.name for field in Project._meta.concrete_fields if field.name != "id"]


class ProjectSerializer(serializers.ModelSerializer):
    """The facts with their linked codes."""

    region_codes = serializers.SlugRelatedField("region_code", source="regions", many=True, read_only=True)
    task_ids = serializers.SlugRelatedField("task_id", source="tasks", many=True, read_only=True)
    units = serializers.SlugRelatedField("unit_code", source="linked_units", many=True, read_only=True)

    class Meta:
        model = Project
        fields = [*COLUMNS, "region_codes", "task_ids", "units"]


class Pages(pagination.LimitOffsetPagination):
    """Pages of 50 under the name the load generator reads."""

    default_limit = 50

    def get_paginated_response(self, data: Any) -> Any:
        response = super().get_paginated_response(data)
        response.data["items"] = response.data.pop("results")
        return response


class ProjectList(generics.ListAPIView):
    """Filtered and sorted by the query."""

    authentication_classes = [Holder]
    permission_classes = [permissions.IsAuthenticated]
    serializer_class = ProjectSerializer
    pagination_class = Pages

    def get_queryset(self) -> Any:
        asked = self.request.query_params
        order = asked["sort"].replace("total_investment", "total_investment_yuan")
        wanted = Project.objects.filter(stage=asked["stage"], city_code=asked["city"])
        last = "-id" if order.startswith("-") else "id"
        return wanted.order_by(order, last).prefetch_related("regions", "tasks", "linked_units")


def updating(request: Any, code: str) -> Any:
    """The view of one record, imported when it is first asked for: it stands on this module."""
    from bench.peers.drf_app.updating import ProjectUpdate

    return ProjectUpdate.as_view()(request, code=code)


urlpatterns = [
    path("projects", ProjectList.as_view()),
    path("projects/<str:code>", updating),
    path("api/health", lambda request: JsonResponse({"status": "alive"})),
]
