{{/* The pods, for a Deployment and for a StatefulSet. */}}
{{- define "exporter.podTemplate" -}}
metadata:
  labels:
    {{- toYaml (merge (include "exporter.labels" . | fromYaml) .Values.podLabels) | nindent 4 }}
  {{- $annotations := merge (dict) .Values.podAnnotations .Values.commonAnnotations }}
  {{- if .Values.scrapeAnnotations }}
  {{- $annotations = merge $annotations (dict "prometheus.io/scrape" "true" "prometheus.io/path" "/metrics" "prometheus.io/port" (.Values.containerPort | toString) "prometheus.io/scheme" (include "exporter.scheme" .)) }}
  {{- end }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "exporter.serviceAccountName" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  {{- with include "exporter.pullSecrets" . }}
  imagePullSecrets:
    {{- . | nindent 4 }}
  {{- end }}
  {{- if .Values.hostNetwork }}
  hostNetwork: true
  {{- end }}
  {{- with .Values.podSecurityContext }}
  securityContext:
    {{- include "exporter.withoutNulls" . | nindent 4 }}
  {{- end }}
  {{- range $key := list "priorityClassName" "runtimeClassName" "schedulerName" "dnsPolicy" }}
  {{- with index $.Values $key }}
  {{ $key }}: {{ . }}
  {{- end }}
  {{- end }}
  {{- range $key := list "dnsConfig" "hostAliases" "nodeSelector" "tolerations" "affinity" "initContainers" }}
  {{- with index $.Values $key }}
  {{ $key }}:
    {{- tpl (toYaml .) $ | nindent 4 }}
  {{- end }}
  {{- end }}
  {{- with .Values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- range . }}
    - {{- toYaml (merge (dict) . (dict "labelSelector" (dict "matchLabels" (include "exporter.selector" $ | fromYaml)))) | nindent 6 }}
    {{- end }}
  {{- end }}
  containers:
    {{- include "exporter.container" . | nindent 4 }}
    {{- with .Values.extraContainers }}
    {{- tpl (toYaml .) $ | nindent 4 }}
    {{- end }}
  {{- with include "exporter.volumes" . }}
  volumes:
    {{- . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "exporter.container" -}}
- name: exporter
  image: {{ include "exporter.image" . }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args:
    {{- include "exporter.args" . | nindent 4 }}
  {{- with include "exporter.env" . }}
  env:
    {{- . | nindent 4 }}
  {{- end }}
  {{- with .Values.extraEnvFrom }}
  envFrom:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  ports:
    - name: http
      containerPort: {{ .Values.containerPort }}
      protocol: TCP
  startupProbe:
    {{- include "exporter.probe" (list . "/-/healthy" (dict "periodSeconds" 1 "timeoutSeconds" 5 "failureThreshold" 60) .Values.startupProbe) | nindent 4 }}
  livenessProbe:
    {{- include "exporter.probe" (list . "/-/healthy" (dict "periodSeconds" 10 "timeoutSeconds" 5 "failureThreshold" 6) .Values.livenessProbe) | nindent 4 }}
  readinessProbe:
    {{- include "exporter.probe" (list . "/-/ready" (dict "periodSeconds" 2 "timeoutSeconds" 5 "failureThreshold" 3) .Values.readinessProbe) | nindent 4 }}
  {{- if .Values.lifecycle }}
  lifecycle:
    {{- toYaml .Values.lifecycle | nindent 4 }}
  {{- else if .Values.preStopSeconds }}
  lifecycle:
    preStop:
      {{- if semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version }}
      sleep:
        seconds: {{ .Values.preStopSeconds }}
      {{- else }}
      exec:
        command: [/nodejs/bin/node, -e, {{ printf "setTimeout(() => {}, %d)" (mul .Values.preStopSeconds 1000) | quote }}]
      {{- end }}
  {{- end }}
  {{- with .Values.resources }}
  resources:
    {{- include "exporter.withoutNulls" . | nindent 4 }}
  {{- end }}
  {{- with .Values.securityContext }}
  securityContext:
    {{- include "exporter.withoutNulls" . | nindent 4 }}
  {{- end }}
  {{- with include "exporter.mounts" . }}
  volumeMounts:
    {{- . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* (list ROOT PATH DEFAULTS OVERRIDES). Where clients need a certificate, the kubelet only checks that the port is open. */}}
{{- define "exporter.probe" -}}
{{- $root := index . 0 }}
{{- $check := dict "httpGet" (dict "path" (index . 1) "port" "http" "scheme" (include "exporter.scheme" $root | upper)) }}
{{- if include "exporter.requiresClientCertificate" $root }}
{{- $check = dict "tcpSocket" (dict "port" "http") }}
{{- end }}
{{- $overrides := index . 3 }}
{{- range list "httpGet" "tcpSocket" "exec" "grpc" }}{{ if hasKey $overrides . }}{{ $check = dict }}{{ end }}{{ end }}
{{- toYaml (merge (dict) $overrides (index . 2) $check) }}
{{- end }}

{{/* A null removes a default, also one from a parent chart. */}}
{{- define "exporter.withoutNulls" -}}
{{- $kept := dict }}
{{- range $key, $value := . }}{{ if not (kindIs "invalid" $value) }}{{ $_ := set $kept $key $value }}{{ end }}{{ end }}
{{- toYaml $kept }}
{{- end }}
