package org.ccmessaging.filestream.deploy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * Checks a manifest as an API server would with field validation {@code Strict}: against the classes that are generated
 * from Kubernetes' OpenAPI description. An unknown field, a missing one or one of another type is an error that names
 * it.
 */
final class KubernetesTypes {

    /** The kinds in the chart that Kubernetes itself does not have, so that no class describes them. */
    static final Set<String> CUSTOM = Set.of("monitoring.coreos.com/v1 ServiceMonitor",
            "monitoring.coreos.com/v1 PrometheusRule", "gateway.networking.k8s.io/v1 HTTPRoute");

    private static final Map<String, Type> TYPES = Map.of(
            "v1 Pod", new Type(V1Pod.class, V1Pod::validateJsonElement),
            "v1 ConfigMap", new Type(V1ConfigMap.class, V1ConfigMap::validateJsonElement),
            "v1 Service", new Type(V1Service.class, V1Service::validateJsonElement),
            "v1 ServiceAccount", new Type(V1ServiceAccount.class, V1ServiceAccount::validateJsonElement),
            "apps/v1 Deployment", new Type(V1Deployment.class, V1Deployment::validateJsonElement),
            "autoscaling/v2 HorizontalPodAutoscaler",
            new Type(V2HorizontalPodAutoscaler.class, V2HorizontalPodAutoscaler::validateJsonElement),
            "policy/v1 PodDisruptionBudget",
            new Type(V1PodDisruptionBudget.class, V1PodDisruptionBudget::validateJsonElement),
            "networking.k8s.io/v1 Ingress", new Type(V1Ingress.class, V1Ingress::validateJsonElement),
            "networking.k8s.io/v1 NetworkPolicy",
            new Type(V1NetworkPolicy.class, V1NetworkPolicy::validateJsonElement));

    private record Type(Class<?> model, Validator fields) {
    }

    @FunctionalInterface
    private interface Validator {
        void validate(JsonElement manifest) throws IOException;
    }

    private KubernetesTypes() {
    }

    /** @throws RuntimeException that names the field, where the manifest is not one of this kind */
    static void check(String kind, String manifest) throws IOException {
        Type type = TYPES.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("no description of " + kind);
        }
        type.fields().validate(JsonParser.parseString(manifest));
        // Tells numbers from texts, which the generated checks do not.
        JSON.getGson().fromJson(manifest, type.model());
    }
}
