#!/usr/bin/env bash
# Makes the Python client's types (sdk/python/src/vostro_client/models.py) from the committed API document, with a
# pinned generator in an environment of its own. A test compares the types with the document of the running server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=0.89.0
venv=.cache/python-types-$version
if [ ! -x "$venv/bin/datamodel-codegen" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "datamodel-code-generator==$version"
fi

"$venv/bin/datamodel-codegen" --input docs/api/openapi.yaml --input-file-type openapi \
  --output sdk/python/src/vostro_client/models.py --output-model-type typing.TypedDict \
  --target-python-version 3.11 --use-standard-collections --use-union-operator --use-schema-description \
  --use-field-description --enum-field-as-literal all --disable-timestamp --disable-warnings \
  --custom-file-header '"""What goes over the wire, as types: made from docs/api/openapi.yaml by scripts/python-types.sh."""'
