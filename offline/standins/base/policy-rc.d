#!/bin/sh
# Packages installed in a container must not start their services.
exit 101
