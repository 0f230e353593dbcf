#!/bin/sh
# The `greenroom` command of the image.
exec node /app/out/host/cli/main.js "$@"
