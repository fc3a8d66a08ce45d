#!/usr/bin/env bash
# Debian packages that tests need: nginx in front of the service, ip and curl for what runs in a network of its own
# (test/process/deployment), Chromium and its fonts for the pages (test/process/browser). Where all of them are there,
# nothing is done; downloaded ones stay in apt's own cache.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
missing=()
command -v nginx > /dev/null || missing+=(nginx-light)
command -v ip > /dev/null || missing+=(iproute2)
command -v curl > /dev/null || missing+=(curl)
command -v "${CHROMIUM_PATH:-/usr/bin/chromium}" > /dev/null || missing+=(chromium)
# The pictures of the pages are drawn with DejaVu Sans.
[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing+=(fonts-dejavu-core)
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get > /dev/null || [ "$(id -u)" != 0 ]; then
  printf 'These packages are missing: %s. Install them, or run this as root on Debian.\n' "${missing[*]}" >&2
  # Without nginx, ip or curl their tests are left out, and fail in CI. Without Chromium its tests fail everywhere.
  [ -z "${CI:-}" ] && exit 0
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"
