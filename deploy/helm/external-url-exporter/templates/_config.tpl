{{/* Whether the config becomes a Secret: it does if it has a value that can be secret, such as a header. */}}
{{- define "exporter.configIsSecret" -}}
{{- $text := toJson .Values.config }}
{{- if or .Values.configAsSecret
  (regexMatch `"(password|credentials|client_secret|endpoint_params|headers)":` $text)
  (regexMatch `"body":"` $text)
  (regexMatch `"proxy_url":"[^"]*@` $text) }}true{{ end }}
{{- end }}

{{/* Where the config file is, as {kind, name, key}; nothing without one. */}}
{{- define "exporter.configSource" -}}
{{- if .Values.existingConfig.name }}
{{- toYaml .Values.existingConfig }}
{{- else if .Values.config }}
{{- toYaml (dict "kind" (ternary "Secret" "ConfigMap" (include "exporter.configIsSecret" . | eq "true")) "name" (include "exporter.fullname" .) "key" "config.yaml") }}
{{- end }}
{{- end }}

{{/* Where the web config is, as {name, key}; nothing without one. */}}
{{- define "exporter.webSource" -}}
{{- if .Values.web.existingSecret.name }}
{{- toYaml .Values.web.existingSecret }}
{{- else if .Values.web.config }}
{{- toYaml (dict "name" (printf "%s-web" (include "exporter.fullname" .)) "key" "web-config.yaml") }}
{{- end }}
{{- end }}

{{- define "exporter.scheme" -}}
{{- if .Values.web.scheme }}{{ .Values.web.scheme }}
{{- else if .Values.web.config.tls_server_config }}https
{{- else }}http
{{- end }}
{{- end }}

{{- define "exporter.requiresClientCertificate" -}}
{{- $required := ternary .Values.web.clientCertificates
  (has (dig "tls_server_config" "client_auth_type" "" .Values.web.config) (list "RequireAnyClientCert" "RequireAndVerifyClientCert"))
  (kindIs "bool" .Values.web.clientCertificates) }}
{{- if $required }}true{{ end }}
{{- end }}

{{- define "exporter.args" -}}
{{- $args := list (printf "--web.listen-address=:%v" .Values.containerPort) (printf "--log.level=%s" .Values.log.level) (printf "--log.format=%s" .Values.log.format) }}
{{- with include "exporter.configSource" . | fromYaml }}
{{- $args = append $args (printf "--config.file=/etc/external-url-exporter/config/%s" .key) }}
{{- end }}
{{- with include "exporter.webSource" . | fromYaml }}
{{- $args = append $args (printf "--web.config.file=/etc/external-url-exporter/web/%s" .key) }}
{{- end }}
{{- if .Values.demo }}{{ $args = append $args "--demo" }}{{ end }}
{{- toYaml (concat $args .Values.extraArgs) }}
{{- end }}

{{/* The environment. A name of extraEnv is not set twice: a server-side apply would fail. */}}
{{- define "exporter.env" -}}
{{- $env := list }}
{{- if gt (int .Values.shards) 1 }}
{{- $env = append $env (dict "name" "SHARD" "valueFrom" (dict "fieldRef" (dict "fieldPath" "metadata.labels['apps.kubernetes.io/pod-index']"))) }}
{{- $env = append $env (dict "name" "TOTAL_SHARDS" "value" (.Values.shards | toString)) }}
{{- end }}
{{- if .Values.otlp.endpoint }}{{ $env = concat $env (include "exporter.otlpEnv" . | fromYamlArray) }}{{ end }}
{{- $taken := dict }}
{{- range .Values.extraEnv }}{{ $_ := set $taken .name true }}{{ end }}
{{- $own := list }}
{{- range $env }}{{ if not (hasKey $taken .name) }}{{ $own = append $own . }}{{ end }}{{ end }}
{{- with concat $own .Values.extraEnv }}{{ toYaml . }}{{ end }}
{{- end }}

{{- define "exporter.otlpEnv" -}}
{{- $otlp := .Values.otlp }}
- {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
- {name: POD_UID, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}
- {name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
- {name: OTEL_METRICS_EXPORTER, value: {{ ternary "prometheus,otlp" "otlp" $otlp.prometheus | quote }}}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ $otlp.endpoint | quote }}}
- {name: OTEL_EXPORTER_OTLP_PROTOCOL, value: {{ $otlp.protocol | quote }}}
- {name: OTEL_EXPORTER_OTLP_TIMEOUT, value: {{ $otlp.timeoutMs | int | quote }}}
- {name: OTEL_EXPORTER_OTLP_COMPRESSION, value: {{ $otlp.compression | quote }}}
- {name: OTEL_METRIC_EXPORT_INTERVAL, value: {{ $otlp.intervalMs | int | quote }}}
- {name: OTEL_METRIC_EXPORT_TIMEOUT, value: {{ min (int $otlp.timeoutMs) (int $otlp.intervalMs) | quote }}}
- {name: OTEL_SERVICE_NAME, value: {{ $otlp.serviceName | default (printf "%s%s" (include "exporter.name" .) (ternary "-pushed" "" $otlp.prometheus)) | quote }}}
{{- $attributes := list (printf "k8s.namespace.name=%s" (include "exporter.namespace" .)) "k8s.pod.name=$(POD_NAME)" "k8s.pod.uid=$(POD_UID)" "k8s.node.name=$(NODE_NAME)" "service.instance.id=$(POD_NAME)" }}
{{- range $name, $value := $otlp.resourceAttributes }}{{ $attributes = append $attributes (printf "%s=%v" $name $value) }}{{ end }}
- {name: OTEL_RESOURCE_ATTRIBUTES, value: {{ join "," $attributes | quote }}}
{{- with $otlp.headersSecret.name }}
- {name: OTEL_EXPORTER_OTLP_HEADERS, valueFrom: {secretKeyRef: {name: {{ . }}, key: {{ $otlp.headersSecret.key }}}}}
{{- end }}
{{- if $otlp.tlsSecret }}
- {name: OTEL_EXPORTER_OTLP_CERTIFICATE, value: /etc/external-url-exporter/otlp/ca.crt}
{{- if $otlp.clientCertificate }}
- {name: OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, value: /etc/external-url-exporter/otlp/tls.crt}
- {name: OTEL_EXPORTER_OTLP_CLIENT_KEY, value: /etc/external-url-exporter/otlp/tls.key}
{{- end }}
{{- end }}
{{- end }}

{{/* Whole folders, never single files: else a running pod does not see changes of the ConfigMap or Secret. */}}
{{- define "exporter.folders" -}}
{{- $folders := list }}
{{- with include "exporter.configSource" . | fromYaml }}{{ $folders = append $folders (list "config" .kind .name "config") }}{{ end }}
{{- with include "exporter.webSource" . | fromYaml }}{{ $folders = append $folders (list "web" "Secret" .name "web") }}{{ end }}
{{- with .Values.web.tlsSecret }}{{ $folders = append $folders (list "tls" "Secret" . "tls") }}{{ end }}
{{- with .Values.otlp.tlsSecret }}{{ $folders = append $folders (list "otlp" "Secret" . "otlp") }}{{ end }}
{{- range $index, $name := .Values.secretFiles }}{{ $folders = append $folders (list (printf "secret-%d" $index) "Secret" $name (printf "secrets/%s" $name)) }}{{ end }}
{{- toYaml $folders }}
{{- end }}

{{- define "exporter.volumes" -}}
{{- $volumes := list }}
{{- range include "exporter.folders" . | fromYamlArray }}
{{- $source := ternary (dict "secret" (dict "secretName" (index . 2) "defaultMode" 288)) (dict "configMap" (dict "name" (index . 2))) (eq (index . 1) "Secret") }}
{{- $volumes = append $volumes (merge (dict "name" (index . 0)) $source) }}
{{- end }}
{{- with concat $volumes .Values.extraVolumes }}{{ toYaml . }}{{ end }}
{{- end }}

{{- define "exporter.mounts" -}}
{{- $mounts := list }}
{{- range include "exporter.folders" . | fromYamlArray }}
{{- $mounts = append $mounts (dict "name" (index . 0) "mountPath" (printf "/etc/external-url-exporter/%s" (index . 3)) "readOnly" true) }}
{{- end }}
{{- with concat $mounts .Values.extraVolumeMounts }}{{ toYaml . }}{{ end }}
{{- end }}
