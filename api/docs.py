"""The pages that describe the API: its root, its schema and the interactive documentation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import APIRootView

from api.links import absolute
from api.parameters import check_parameters


class RootView(APIRootView):
    """The resources of the API and their addresses."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request.query_params, ())
        return Response(
            {
                name: absolute(reverse(f"api:{view}"))
                for name, view in (self.api_root_dict or {}).items()
            }
        )


class DocsView(SpectacularSwaggerSplitView):
    """The schema to read and to try, under a policy that allows no inline script or style."""

    url_name = "api:schema"
    template_name = "api/docs.html"
    title = "Followthrough API"
