"""One record changed the DRF way: token, object permission, rules, If-Match, journal, one transaction."""

import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework import exceptions, generics, permissions, serializers, status
from rest_framework.response import Response

from bench.peers.drf_app.holder import Holder
from bench.peers.drf_app.models import Journal, Project
from bench.peers.drf_app.urls import ProjectSerializer

MONTH = r"^20\d{2}-(0[1-9]|1[0-2])$"


class OwnCity(permissions.BasePermission):
    """A holder changes the projects of their city."""

    def has_object_permission(self, request: Any, view: Any, project: Any) -> bool:
        return bool(project.city_code == request.user.city_code)


class Change(serializers.ModelSerializer):
    """The fields that may be changed, with the rules they obey."""

    start_month = serializers.RegexField(MONTH, allow_null=True)
    finish_month = serializers.RegexField(MONTH, allow_null=True)
    total_investment_yuan = serializers.IntegerField(min_value=0, allow_null=True)

    class Meta:
        model = Project
        fields = ["name_zh", "owner", "stage", "start_month", "finish_month", "total_investment_yuan"]

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """A project does not finish before it starts."""
        start = values.get("start_month", self.instance.start_month)
        finish = values.get("finish_month", self.instance.finish_month)
        if start and finish and finish < start:
            raise serializers.ValidationError({"finish_month": "before start_month"})
        return values


class Stale(exceptions.APIException):
    """The record changed since it was read."""

    status_code = status.HTTP_412_PRECONDITION_FAILED


class ProjectUpdate(generics.GenericAPIView):
    """Read one project with its ETag; change it with If-Match."""

    authentication_classes = [Holder]
    permission_classes = [permissions.IsAuthenticated, OwnCity]
    queryset = Project.objects.prefetch_related("regions", "tasks", "linked_units")
    lookup_field = "code"

    def get(self, request: Any, code: str) -> Any:
        project = self.get_object()
        return Response(ProjectSerializer(project).data, headers={"ETag": f'"{project.version}"'})

    def patch(self, request: Any, code: str) -> Any:
        with transaction.atomic():
            project = self.get_object()
            if request.headers.get("If-Match") != f'"{project.version}"':
                raise Stale()
            given = Change(project, data=request.data, partial=True)
            given.is_valid(raise_exception=True)
            before = {name: getattr(project, name) for name in given.validated_data}
            given.save(version=project.version + 1)
            Journal.objects.create(
                at=timezone.now(),
                actor=request.user.name,
                room="projects",
                subject=project.code,
                action="update",
                before=json.dumps(before, ensure_ascii=False),
                after=json.dumps(dict(given.validated_data), ensure_ascii=False),
                revision=0,
            )
        return Response(ProjectSerializer(project).data, headers={"ETag": f'"{project.version}"'})
