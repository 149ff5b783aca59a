{{- define "exporter.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* At most 52 characters: a StatefulSet adds a hash to it, in a label of at most 63. */}}
{{- define "exporter.fullname" -}}
{{- $name := include "exporter.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "exporter.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "exporter.selector" -}}
app.kubernetes.io/name: {{ include "exporter.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: exporter
{{- end }}

{{- define "exporter.labels" -}}
{{- $own := dict
  "app.kubernetes.io/name" (include "exporter.name" .)
  "app.kubernetes.io/instance" .Release.Name
  "app.kubernetes.io/component" "exporter"
  "app.kubernetes.io/version" (.Chart.AppVersion | toString)
  "app.kubernetes.io/managed-by" .Release.Service
  "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_") }}
{{- toYaml (merge $own .Values.commonLabels) }}
{{- end }}

{{/* The metadata of an object: (list ROOT SETTINGS [SUFFIX]); the settings may have namespace, labels and annotations. */}}
{{- define "exporter.metadata" -}}
{{- $root := index . 0 }}
{{- $own := index . 1 }}
{{- $suffix := "" }}
{{- if gt (len .) 2 }}{{ $suffix = index . 2 }}{{ end }}
name: {{ include "exporter.fullname" $root }}{{ $suffix }}
namespace: {{ $own.namespace | default (include "exporter.namespace" $root) }}
labels:
  {{- toYaml (merge (include "exporter.labels" $root | fromYaml) ($own.labels | default dict)) | nindent 2 }}
{{- with merge (dict) ($own.annotations | default dict) $root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "exporter.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "exporter.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "exporter.image" -}}
{{- $registry := .Values.global.imageRegistry | default .Values.image.registry }}
{{- with $registry }}{{ . | trimSuffix "/" }}/{{ end }}{{ .Values.image.repository }}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "exporter.pullSecrets" -}}
{{- $secrets := list }}
{{- range concat .Values.imagePullSecrets (.Values.global.imagePullSecrets | default list) }}
{{- $secrets = append $secrets (ternary (dict "name" .) . (kindIs "string" .)) }}
{{- end }}
{{- with $secrets | uniq }}{{ toYaml . }}{{ end }}
{{- end }}

{{/* The job label of rules and dashboard. Both monitors take it from the label app.kubernetes.io/name. */}}
{{- define "exporter.job" -}}
{{- .Values.prometheusRule.job | default (include "exporter.name" .) }}
{{- end }}
