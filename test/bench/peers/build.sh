#!/usr/bin/env bash
# Builds the peers from the Go module proxy into DIR: build.sh DIR [cloudprober|blackbox_exporter|gatus ...]
# With empty caches and two cores each takes two to six minutes; one that is there already is left as it is.
set -euo pipefail

folder=$(mkdir -p "$1" && cd "$1" && pwd)
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOFLAGS='-trimpath -buildvcs=false' GOWORK=off

# The proxy has these versions, but no list of them, so that `go install` refuses: built through a module of our own.
build() { # BINARY MODULE VERSION PACKAGE
  [ ! -x "$folder/$1" ] || return 0
  echo "$1: building, this takes minutes" >&2
  mkdir "$work/$1"
  printf 'module m\n\ngo 1.26\n\nrequire %s %s\n' "$2" "$3" >"$work/$1/go.mod"
  printf '//go:build tools\n\npackage m\n\nimport _ "%s"\n' "$2" >"$work/$1/tools.go"
  (cd "$work/$1" && go build -mod=mod -o "$work/$1/$1" "$2/$4")
  mv "$work/$1/$1" "$folder/$1"
}

for peer in "${@:-cloudprober}"; do
  case $peer in
    cloudprober) build cloudprober github.com/cloudprober/cloudprober v0.14.4 cmd/cloudprober ;;
    blackbox_exporter) build blackbox_exporter github.com/prometheus/blackbox_exporter v0.28.0 . ;;
    gatus) build gatus github.com/TwiN/gatus/v5 v5.36.0 . ;;
    *) echo "unknown peer: $peer" >&2; exit 2 ;;
  esac
done
