#!/usr/bin/env bash
# Installs the chart into the cluster of the current kubeconfig, tries it, and takes it away again:
#   cluster.sh [HELM FLAGS ...]     such as --set image.repository=registry.example/external-url-exporter
# Needs helm, kubectl, curl, openssl, and the image where the nodes find it (minikube image build -t external-url-exporter:0.1.0 .).
# No target lies outside of the cluster. Takes about five minutes, most of it until the kubelet brings changed config files.
set -uo pipefail
chart=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../deploy/helm/external-url-exporter" && pwd)
space=${NAMESPACE:-external-url-exporter-e2e}
name=monitor-external-url-exporter
flags=("$@")
passed=0 failed=0

k() { kubectl --namespace "$space" "$@"; }
h() { local verb=$1; shift; helm --namespace "$space" "$verb" "$@"; }
show() { echo "\$ $*"; "$@" 2>&1 | sed 's/^/    /'; }
check() { # WHAT COMMAND...
  local what=$1 output; shift
  if output=$("$@" 2>&1); then passed=$((passed + 1)); echo "ok   - $what"
  else failed=$((failed + 1)); echo "FAIL - $what"; printf '%s\n' "$output" | tail -n 25 | sed 's/^/       /'; fi
}
within() { # SECONDS COMMAND...: again and again until it succeeds
  local until=$((SECONDS + $1)); shift
  until "$@"; do [ "$SECONDS" -lt "$until" ] || return 1; sleep 1; done
}
upgrade() { h upgrade --install monitor "$chart" --wait --timeout 120s "${flags[@]}" "$@"; }
fetch='fetch(process.argv[1]).then(async (r) => { process.stdout.write(await r.text()); process.exit(r.ok ? 0 : 1) })'
# From within a pod, as Prometheus sees it: URL [WORKLOAD].
get() { k exec "${2:-deployment/$name}" --container exporter -- /nodejs/bin/node -e "$fetch" "$1"; }
scrape() { get "http://$name:8080/metrics"; }
pods() { k get pods --selector "app.kubernetes.io/instance=monitor,app.kubernetes.io/component=exporter" --output "$1"; }
identity() { pods 'jsonpath={range .items[*]}{.metadata.uid} {.status.containerStatuses[0].restartCount}{"\n"}{end}'; }
targets() { # FROM TO: a config with as many urls, all of the stand-in
  printf '{"interval":"1s","targets":['
  for n in $(seq "$1" "$2"); do [ "$n" = "$1" ] || printf ,; printf '"http://standin-external-url-exporter:8080/-/healthy?n=%d"' "$n"; done
  printf ']}'
}
has() { grep --quiet "$1" <<<"$(scrape)"; }
lacks() { ! has "$1"; }

# The strictest profile there is: every pod below must pass it.
restricted() {
  kubectl create namespace "$space" && kubectl label namespace "$space" pod-security.kubernetes.io/enforce=restricted
}
check 'a namespace that enforces the restricted profile' restricted

check 'helm install with no values' h install monitor "$chart" --wait --timeout 120s "${flags[@]}"
show k get all
show h get notes monitor
two_targets() { [ "$(scrape | grep -c '^sample_external_url_up{')" = 2 ]; }
check 'scraped through the Service: the two default URLs' within 30 two_targets

forwarded() {
  local port=${FORWARD_PORT:-18080} pid code
  kubectl --namespace "$space" port-forward "service/$name" "$port:8080" >/dev/null 2>&1 & pid=$!
  curl --silent --show-error --fail --retry 20 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/metrics" | grep '^sample_external_url_response_ms'
  code=$?
  kill "$pid"; wait "$pid" 2>/dev/null
  return "$code"
}
check 'scraped by port-forward' forwarded
check 'helm test' h test monitor --timeout 90s
kept_out() { ! k exec "deployment/$name" --container exporter -- /nodejs/bin/node -e 'require("fs").writeFileSync("/app/x", "")'; }
check 'the root file system cannot be written' kept_out
no_token() { ! k exec "deployment/$name" --container exporter -- /nodejs/bin/node -e 'require("fs").statSync("/var/run/secrets/kubernetes.io")'; }
check 'no token is mounted' no_token

check 'a stand-in to probe' h install standin "$chart" --wait --timeout 120s "${flags[@]}" --set demo=true
check 'helm upgrade: targets of its own' upgrade --set-json "config=$(targets 1 2)"
check 'they are up' within 30 has 'up{url="http://standin-external-url-exporter:8080/-/healthy?n=2"} 1'

one_pod() { [ "$(identity | wc -l)" = 1 ]; }
check 'the pod before is gone' within 30 one_pod
before=$(identity)
check 'helm upgrade: another config' upgrade --set-json "config=$(targets 2 3)"
check 'it is in use within two minutes' within 120 has 'up{url=".*n=3"} 1'
check 'the target that was left out is gone' lacks 'n=1"'
check 'a bad config' upgrade --skip-schema-validation --set-json 'config={"targets":["ftp://standin"]}'
check 'is reported as a reload that failed' within 120 has 'config_last_reload_successful 0'
check 'and changes nothing' has 'up{url=".*n=3"} 1'
same_pods() { [ "$(identity)" = "$before" ] || { echo "before: $before"; echo "now: $(identity)"; return 1; }; }
check 'all this in the same pod, with no restart' same_pods
show k get all

# Whatever probes it during the roll-out must always be answered.
rollout() {
  local seen pid code
  seen=$(mktemp)
  h upgrade monitor "$chart" --wait --timeout 120s "${flags[@]}" --set-json "config=$(targets 1 3)" >/dev/null || return 1
  kubectl --namespace "$space" exec deployment/standin-external-url-exporter --container exporter -- /nodejs/bin/node -e '
    const [, url] = process.argv; let ok = 0; const faults = [];
    const until = Date.now() + 25000;
    (async () => { while (Date.now() < until) {
      try { const r = await fetch(url, { headers: { connection: "close" } }); if (r.ok) ok += 1; else faults.push(r.status) } catch (e) { faults.push(e.cause?.code ?? e.message) }
      await new Promise((resolve) => setTimeout(resolve, 50)) }
      console.log(ok, "answers,", faults.length, "faults", faults.join(" ")); process.exit(faults.length === 0 && ok > 100 ? 0 : 1) })()' "http://$name:8080/metrics" >"$seen" 2>&1 & pid=$!
  upgrade --set-json "config=$(targets 1 3)" --set podAnnotations.rollout=second >/dev/null; code=$?
  wait "$pid" || code=1
  cat "$seen"; rm "$seen"
  return "$code"
}
check 'a roll-out leaves no gap' rollout

check 'helm upgrade: three shards' upgrade --set-json "config=$(targets 1 30)" --set shards=3
every_target_once() {
  local shard urls=''
  for shard in 0 1 2; do
    urls+=$(get "http://$name-$shard.$name-shards:8080/metrics" "pod/$name-$shard" | sed -n 's/^sample_external_url_up{url="\([^"]*\)"} 1$/\1/p')$'\n'
    echo "shard $shard: $(get http://localhost:8080/metrics "pod/$name-$shard" | grep ^external_url_exporter_targets)"
  done
  [ "$(grep -c . <<<"$urls")" = 30 ] && [ "$(grep . <<<"$urls" | sort -u | wc -l)" = 30 ]
}
check 'every target is probed by exactly one of them' within 30 every_target_once
check 'helm test over all shards' h test monitor --timeout 90s
show k get all

# TLS and basic auth: the probes of the kubelet and helm test must still get in.
guarded() {
  local folder; folder=$(mktemp -d)
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$name" -keyout "$folder/tls.key" -out "$folder/tls.crt" 2>/dev/null &&
    k create secret tls exporter-tls --cert "$folder/tls.crt" --key "$folder/tls.key" &&
    k create secret generic scrape-user --from-literal=username=probe --from-literal=password=secret &&
    upgrade --set-json "config=$(targets 1 2)" --set web.tlsSecret=exporter-tls --set web.scrapeUser.secret=scrape-user --set-json "web.config=$(cat <<'JSON'
{"tls_server_config":{"cert_file":"../tls/tls.crt","key_file":"../tls/tls.key"},"basic_auth_users":{"probe":"$2b$06$q/ewfEFVXSHpauFHuP/jAevBAsYm4WonEjstiuAzBPey/uIpkOyBG"}}
JSON
)"
  local code=$?
  rm -r "$folder"
  return "$code"
}
check 'helm upgrade: TLS and basic auth, and back to a Deployment' guarded
check 'helm test over TLS with a password' h test monitor --timeout 90s
anonymous='require("https").get(process.argv[1], { rejectUnauthorized: false }, (r) => { console.log(r.statusCode); process.exit(r.statusCode === 401 ? 0 : 1) })'
check 'without the password nobody gets in' k exec "deployment/$name" --container exporter -- /nodejs/bin/node -e "$anonymous" "https://$name:8080/metrics"

# Every rendering, with the server's own eyes; what it has no definition of is left out and said so.
strictly() { # VALUES
  local text kind
  text=$(helm template checked "$chart" --kube-version "$(kubectl version | sed -n 's/^Server Version: //p')" --namespace "$space" --no-hooks --values "$1" --set serviceMonitor.namespace= --set prometheusRule.namespace= --set dashboard.namespace=) || return 1
  for kind in ServiceMonitor PodMonitor PrometheusRule HTTPRoute; do
    kubectl api-resources --output name 2>/dev/null | grep --quiet "^$(tr '[:upper:]' '[:lower:]' <<<"$kind")s\." ||
      text=$(awk -v kind="kind: $kind" 'BEGIN { RS = "---\n"; ORS = "---\n" } index($0, kind) == 0' <<<"$text")
  done
  kubectl apply --dry-run=server --validate=strict --namespace "$space" --filename - <<<"$text"
}
for values in "$chart"/ci/*-values.yaml; do
  check "the server takes $(basename "$values")" strictly "$values"
done

check 'helm uninstall' h uninstall monitor --wait --timeout 60s
check 'and of the stand-in' h uninstall standin --wait --timeout 60s
nothing_left() {
  local left
  k delete secret exporter-tls scrape-user >/dev/null 2>&1
  left=$(k get all,configmap,secret,serviceaccount,networkpolicy,poddisruptionbudget,ingress --selector app.kubernetes.io/name=external-url-exporter --output name 2>&1)
  [ -z "$left" ] || { echo "$left"; return 1; }
}
check 'nothing is left' within 60 nothing_left
check 'the namespace goes' kubectl delete namespace "$space" --timeout=120s

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
