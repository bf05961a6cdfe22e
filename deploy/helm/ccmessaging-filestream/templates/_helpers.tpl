{{- define "filestream.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "filestream.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "filestream.labels" -}}
{{ include "filestream.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "filestream.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "filestream.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "filestream.doctor" -}}
{{- printf "%s-doctor" .Chart.Name | quote -}}
{{- end -}}

{{- define "filestream.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- /* What a user of the console reaches: the console, what its page reads, and the login; nothing else of the management port. */ -}}
{{- define "filestream.consolePaths" -}}
["/actuator/hawtio", "/actuator/files", "/actuator/routes", "/login", "/oauth2", "/default-ui.css"]
{{- end -}}

{{- /* The route files among `routes`, as YAML; empty without any. */ -}}
{{- define "filestream.routeFiles" -}}
{{- with omit .Values.routes "live" -}}{{- toYaml . -}}{{- end -}}
{{- end -}}

{{- /* OpenShift assigns each namespace its users, and refuses a pod that names another. */ -}}
{{- define "filestream.podSecurityContext" -}}
runAsNonRoot: true
{{- if not (or .Values.openshift (.Capabilities.APIVersions.Has "security.openshift.io/v1")) }}
runAsUser: 10001
runAsGroup: 10001
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "filestream.managementScheme" -}}
{{- if .Values.tls.management.secretName }}https{{ else }}http{{ end -}}
{{- end -}}

{{- define "filestream.apiScheme" -}}
{{- if .Values.tls.api.secretName }}https{{ else }}http{{ end -}}
{{- end -}}

{{- define "filestream.caBundle" -}}
{{- or .Values.caBundle.configMap .Values.caBundle.secret | default "" -}}
{{- end -}}

{{- /* Variables of Spring Boot's SSL bundles: one for each port, and one with the authorities of the store. */ -}}
{{- define "filestream.tlsEnv" -}}
{{- range $port, $variable := dict "api" "SERVER_SSL_BUNDLE" "management" "MANAGEMENT_SERVER_SSL_BUNDLE" }}
{{- if (get $.Values.tls $port).secretName }}
- name: {{ $variable }}
  value: {{ $port }}
- name: SPRING_SSL_BUNDLE_PEM_{{ $port | upper }}_KEYSTORE_CERTIFICATE
  value: /run/filestream/tls/{{ $port }}/tls.crt
- name: SPRING_SSL_BUNDLE_PEM_{{ $port | upper }}_KEYSTORE_PRIVATEKEY
  value: /run/filestream/tls/{{ $port }}/tls.key
- name: SPRING_SSL_BUNDLE_PEM_{{ $port | upper }}_KEYSTORE_VERIFYKEYS
  value: "true"
- name: SPRING_SSL_BUNDLE_PEM_{{ $port | upper }}_RELOADONUPDATE
  value: "true"
{{- end }}
{{- end }}
{{- if include "filestream.caBundle" . }}
- name: FILESTREAM_S3_SSL_BUNDLE
  value: store
- name: SPRING_SSL_BUNDLE_PEM_STORE_TRUSTSTORE_CERTIFICATE
  value: /run/filestream/ca/{{ .Values.caBundle.key }}
- name: SPRING_SSL_BUNDLE_PEM_STORE_RELOADONUPDATE
  value: "true"
{{- end }}
{{- if .Values.secretFiles }}
- name: SPRING_CONFIG_IMPORT
  value: configtree:/run/filestream/secrets/
{{- end }}
{{- end -}}

{{- /* Variables, mounts and volumes of the service, for its pods and the pod of `helm test`. */ -}}
{{- define "filestream.env" -}}
- name: SERVER_PORT
  value: {{ .Values.api.port | quote }}
- name: MANAGEMENT_SERVER_PORT
  value: {{ .Values.management.port | quote }}
- name: SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE
  value: {{ printf "%ds" (int .Values.shutdown.drainSeconds) }}
# Instead of a preStop hook: the service accepts requests after the signal, with readiness down.
- name: FILESTREAM_SHUTDOWN_DELAY
  value: {{ printf "%ds" (int .Values.shutdown.delaySeconds) }}
{{- include "filestream.tlsEnv" . | nindent 0 }}
{{- if or .Values.consoleIngress.enabled .Values.consoleHttpRoute.enabled }}
# Only for the management port; the API port uses settings.filestream.http.trusted-proxies.
- name: SERVER_FORWARD_HEADERS_STRATEGY
  value: native
{{- end }}
{{- if .Values.routes.live }}
- name: FILESTREAM_ROUTES_LIVE_RELOAD
  value: "true"
{{- end }}
{{- with .Values.proxy }}
- name: FILESTREAM_S3_PROXY
  value: {{ . | quote }}
{{- end }}
{{- range $variable, $key := .Values.secretKeys }}
{{- if and $key $.Values.existingSecret }}
- name: {{ $variable }}
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.existingSecret }}
      key: {{ $key }}
{{- end }}
{{- end }}
{{- range $variable, $value := .Values.env }}
- name: {{ $variable }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end -}}

{{- define "filestream.volumeMounts" -}}
# Tomcat's work folder, the only writable one.
- name: tmp
  mountPath: /tmp
# Single files, so that the others of the image stay.
- name: config
  mountPath: /app/config/application.yaml
  subPath: application.yaml
  readOnly: true
{{- range $file, $_ := .Values.configFiles }}
- name: config
  mountPath: {{ printf "/app/config/%s" $file }}
  subPath: {{ $file }}
  readOnly: true
{{- end }}
{{- $routeFiles := omit .Values.routes "live" }}
{{- if or .Values.routesConfigMap (and $routeFiles .Values.routes.live) }}
# A folder, because Kubernetes does not update single files.
- name: routes
  mountPath: /app/routes
  readOnly: true
{{- else }}
{{- range $file, $_ := $routeFiles }}
- name: routes
  mountPath: {{ printf "/app/routes/%s" $file }}
  subPath: {{ $file }}
  readOnly: true
{{- end }}
{{- end }}
# Folders, because Kubernetes does not update single files.
{{- if .Values.tls.api.secretName }}
- name: tls-api
  mountPath: /run/filestream/tls/api
  readOnly: true
{{- end }}
{{- if .Values.tls.management.secretName }}
- name: tls-management
  mountPath: /run/filestream/tls/management
  readOnly: true
{{- end }}
{{- if include "filestream.caBundle" . }}
- name: ca-bundle
  mountPath: /run/filestream/ca
  readOnly: true
{{- end }}
{{- if .Values.secretFiles }}
- name: secret-files
  mountPath: /run/filestream/secrets
  readOnly: true
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{- toYaml . | nindent 0 }}
{{- end }}
{{- end -}}

{{- define "filestream.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
- name: config
  configMap:
    name: {{ include "filestream.fullname" . }}-config
{{- if or (include "filestream.routeFiles" .) .Values.routesConfigMap }}
- name: routes
  configMap:
    name: {{ .Values.routesConfigMap | default (printf "%s-routes" (include "filestream.fullname" .)) }}
{{- end }}
{{- with .Values.tls.api.secretName }}
- name: tls-api
  secret:
    secretName: {{ . }}
{{- end }}
{{- with .Values.tls.management.secretName }}
- name: tls-management
  secret:
    secretName: {{ . }}
{{- end }}
{{- with .Values.caBundle.configMap }}
- name: ca-bundle
  configMap:
    name: {{ . }}
{{- end }}
{{- with .Values.caBundle.secret }}
- name: ca-bundle
  secret:
    secretName: {{ . }}
{{- end }}
{{- with .Values.secretFiles }}
- name: secret-files
  secret:
    secretName: {{ . }}
{{- end }}
{{- with .Values.extraVolumes }}
{{- toYaml . | nindent 0 }}
{{- end }}
{{- end -}}

{{- /* Stops on a name under `settings` or `env` that holds a secret, however it is spelled: a ConfigMap and a pod's
       specification can be read by far more people than a Secret. A reference, as ${KEY} to an environment variable out of
       a Secret, is none. Call with a dict of tree, path. */ -}}
{{- define "filestream.refuseSecrets" -}}
{{- $path := .path -}}
{{- range $name, $value := .tree -}}
{{- $where := printf "%s.%v" $path $name -}}
{{- if or (kindIs "map" $value) (kindIs "slice" $value) -}}
{{- include "filestream.refuseSecrets" (dict "tree" $value "path" $where) -}}
{{- else if regexMatch "(signingkey|idkey|secret|secretkey|accesskey|password|springapplicationjson)$" (toString $name | lower | replace "-" "" | replace "_" "") -}}
{{- if not (regexMatch "^[$][{][A-Za-z0-9_.-]+[}]$" (toString $value)) -}}
{{- fail (printf "%s holds a secret and would be readable in a ConfigMap or a pod. Put it into the Secret that existingSecret names, and its environment variable into secretKeys; a setting may refer to it as ${VARIABLE}." $where) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* What no schema can say: values that need each other. */ -}}
{{- define "filestream.check" -}}
{{- include "filestream.refuseSecrets" (dict "tree" .Values.settings "path" "settings") -}}
{{- include "filestream.refuseSecrets" (dict "tree" .Values.env "path" "env") -}}
{{- $secretKeys := dict -}}
{{- range $variable, $key := .Values.secretKeys -}}
{{- if $key -}}{{- $_ := set $secretKeys $variable $key -}}{{- end -}}
{{- end -}}
{{- $auth := dig "filestream" "auth" dict .Values.settings -}}
{{- $issuer := or (get $auth "jwk-set-uri") (get .Values.env "FILESTREAM_AUTH_JWK_SET_URI") -}}
{{- $issuers := or $issuer (get $auth "access-token") (get $auth "session-token") -}}
{{- if and (not .Values.existingSecret) (not .Values.secretFiles) (not $issuers) -}}
{{- fail "existingSecret is not set. Name a Secret with the signing key, for example one made with: kubectl create secret generic filestream --from-literal=signing-key=\"$(openssl rand -base64 48)\" ... and --set existingSecret=filestream. Or set settings.filestream.auth.jwk-set-uri to an external issuer's key set." -}}
{{- end -}}
{{- if and $issuer (hasKey $secretKeys "FILESTREAM_AUTH_SIGNING_KEY") .Values.existingSecret -}}
{{- fail "There is both an issuer (jwk-set-uri) and a signing key, and the service takes one. Set secretKeys.FILESTREAM_AUTH_SIGNING_KEY to null to verify the issuer's tokens." -}}
{{- end -}}
{{- if and (not $issuers) (not .Values.secretFiles) (not (hasKey $secretKeys "FILESTREAM_AUTH_SIGNING_KEY")) -}}
{{- fail "secretKeys.FILESTREAM_AUTH_SIGNING_KEY is not set, and neither is settings.filestream.auth.jwk-set-uri. The service does not start without one of them." -}}
{{- end -}}
{{- if and .Values.caBundle.configMap .Values.caBundle.secret -}}
{{- fail "caBundle.configMap and caBundle.secret are both set; use one." -}}
{{- end -}}
{{- range list "httpRoute" "consoleHttpRoute" -}}
{{- $route := get $.Values . -}}
{{- if and $route.enabled (not $route.parentRefs) -}}
{{- fail (printf "%s.enabled needs %s.parentRefs, the Gateways that the route belongs to." . .) -}}
{{- end -}}
{{- end -}}
{{- $routeFiles := omit .Values.routes "live" -}}
{{- if and $routeFiles .Values.routesConfigMap -}}
{{- fail "routes and routesConfigMap are both set. Files of `routes` go into the image's folder, and the ConfigMap replaces it; use one." -}}
{{- end -}}
{{- if and .Values.routes.live $routeFiles (not (hasKey $routeFiles "download-file-stream.camel.yaml")) -}}
{{- fail "routes.live mounts `routes` as the whole folder, and download-file-stream.camel.yaml is not among its files. Give all files of routes/, or a ConfigMap with all of them in routesConfigMap." -}}
{{- end -}}
{{- range $name, $content := $routeFiles -}}
{{- if not (hasSuffix ".camel.yaml" $name) -}}
{{- fail (printf "routes.%s would not be loaded: only files that end in .camel.yaml are." $name) -}}
{{- end -}}
{{- end -}}
{{- if hasKey .Values.configFiles "application.yaml" -}}
{{- fail "configFiles.application.yaml is made from `settings`; put its content there." -}}
{{- end -}}
{{- end -}}
