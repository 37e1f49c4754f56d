"""The API's reference for people, from the description FastAPI makes for programs."""

from typing import Any

EXAMPLES = {"string": "text", "integer": 1, "boolean": True}


def endpoints(openapi: dict[str, Any]) -> list[dict[str, Any]]:
    schemas = openapi.get("components", {}).get("schemas", {})
    return [
        {
            "id": f"{method}{path}".translate(str.maketrans("/{}", "---")),
            "method": method.upper(),
            "path": path,
            "tag": operation["tags"][0],
            "summary": operation.get("summary", ""),
            "header": _header(operation),
            "body": _body(operation, schemas),
            "parameters": operation.get("parameters", []),
            "answers": [(status, answer["description"]) for status, answer in sorted(operation["responses"].items())],
        }
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    ]


def _header(operation: dict[str, Any]) -> str:
    schemes = {name for scheme in operation.get("security", []) for name in scheme}
    if "APIKeyHeader" in schemes:
        return "X-API-Key: dp_…"
    return "Authorization: Bearer …" if schemes else ""


def _body(operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The kind of body, and an example of what is required in it."""
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        schema = schemas[content["schema"]["$ref"].rsplit("/", 1)[-1]]
        fields = {
            name: EXAMPLES.get(schema["properties"][name].get("type"), "text") for name in schema.get("required", [])
        }
        return {"kind": kind, "fields": fields}
    return {}
