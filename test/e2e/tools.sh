#!/usr/bin/env bash
# Builds the programs that the tests of this folder run against, from the Go module proxy, into DIR:
#   tools.sh DIR [prometheus|collector|helm ...]    (all of them if none is named)
# Needs Go 1.26 or later and nothing else; a program that is there already is left as it is.
# With empty caches and two cores each takes about five minutes.
set -euo pipefail

prometheus_version=v0.316.0 # the module's name for Prometheus 3.16
helm_version=v4.3.1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
usage='usage: tools.sh DIR [prometheus|collector|helm ...]'

say() { echo "tools.sh: $*"; }
fail() { say "$*" >&2; exit 2; }

[ $# -ge 1 ] || fail "$usage"
folder=$1
shift
[ $# -ge 1 ] || set -- prometheus collector helm
for name in "$@"; do
  case $name in prometheus | collector | helm) ;; *) fail "unknown program: $name ($usage)" ;; esac
done

command -v go >/dev/null || fail 'there is no go on the PATH: Go 1.26 or later builds the programs'
go_version=$(cd / && go env GOVERSION)
[ "$(printf '%s\n' go1.26 "$go_version" | sort -V | head -n 1)" = go1.26 ] ||
  fail "$go_version is too old: Go 1.26 or later is needed"

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOBIN=$work/bin GOFLAGS='-trimpath -buildvcs=false' GOWORK=off CGO_ENABLED=0
smaller=(-ldflags '-s -w')
without_clouds=(-tags remove_all_sd) # the service discoveries of Prometheus, each with its client

prometheus() {
  local module=github.com/prometheus/prometheus
  go install "${smaller[@]}" "${without_clouds[@]}" $module/cmd/{prometheus,promtool}@$prometheus_version
}

collector() {
  # A copy, for the build writes a go.sum.
  cp -r "$here/collector" "$work"
  cd "$work/collector"
  go build -mod=mod "${smaller[@]}" "${without_clouds[@]}" -o "$GOBIN/otelcol" .
}

helm() { go install "${smaller[@]}" helm.sh/helm/v4/cmd/helm@$helm_version; }

for name in "$@"; do
  case $name in prometheus) last=promtool ;; collector) last=otelcol ;; helm) last=helm ;; esac
  if [ -x "$folder/$last" ]; then
    say "$name: $folder/$last is there already"
    continue
  fi
  say "$name: building, this takes minutes"
  started=$SECONDS
  mkdir "$GOBIN"
  ("$name")
  # Moved under their names when they are whole: a build that was stopped leaves none behind.
  for file in "$GOBIN"/*; do mv "$file" "$folder/.${file##*/}" && mv "$folder/.${file##*/}" "$folder/${file##*/}"; done
  rmdir "$GOBIN"
  say "$name: ready in $folder after $((SECONDS - started)) s"
done
