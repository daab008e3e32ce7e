// Answers requests with what Flux's own packages make of them: one JSON object a line in, one a line out. Built inside
// of a copy of github.com/fluxcd/flux2/v2, whose versions of all modules it uses.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/chartutil"
	"github.com/fluxcd/pkg/envsubst"
	"github.com/fluxcd/pkg/kustomize"
	"github.com/fluxcd/pkg/sourceignore"
	"github.com/fluxcd/pkg/ssa/utils"
	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

type request struct {
	Op string `json:"op"`
	// kustomization, artifact: the checkout, which is not changed, and the folder that the artifact is put into
	Root     string `json:"root"`
	Artifact string `json:"artifact"`
	// spec.ignore of the GitRepository
	Ignore *string `json:"ignore"`
	// the Kustomization or HelmRelease, and ConfigMaps and Secrets of the cluster
	Object  map[string]any   `json:"object"`
	Objects []map[string]any `json:"objects"`
	// substitute
	Text      string            `json:"text"`
	Variables map[string]string `json:"variables"`
}

type response struct {
	Objects []map[string]any `json:"objects,omitempty"`
	Values  map[string]any   `json:"values,omitempty"`
	Text    string           `json:"text"`
	Error   string           `json:"error,omitempty"`
}

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 256<<20)
	output := json.NewEncoder(os.Stdout)
	for input.Scan() {
		var asked request
		answer, err := response{}, json.Unmarshal(input.Bytes(), &asked)
		if err == nil {
			answer, err = answerTo(asked)
		}
		if err != nil {
			answer = response{Error: err.Error()}
		}
		if err := output.Encode(answer); err != nil {
			panic(err)
		}
	}
}

func answerTo(asked request) (answer response, err error) {
	defer func() {
		if met := recover(); met != nil {
			err = fmt.Errorf("panic: %v", met)
		}
	}()
	switch asked.Op {
	case "artifact":
		return response{}, artifact(asked)
	case "kustomization":
		objects, err := kustomization(asked)
		return response{Objects: objects}, err
	case "substitute":
		text, err := envsubst.Eval(asked.Text, func(name string) (string, bool) { return asked.Variables[name], true })
		return response{Text: text}, err
	case "values":
		values, err := values(asked)
		return response{Values: values}, err
	}
	return response{}, fmt.Errorf("no such operation: %s", asked.Op)
}

// artifact copies what source-controller's archive of a checkout holds: regular files that no ignore rule excludes
// (internal/controller/gitrepository_controller.go and pkg/artifact/storage Archive).
func artifact(asked request) error {
	domain := strings.Split(asked.Root, string(filepath.Separator))
	patterns, err := sourceignore.LoadIgnorePatterns(asked.Root, domain)
	if err != nil {
		return err
	}
	if asked.Ignore != nil {
		patterns = append(patterns, sourceignore.ReadPatterns(strings.NewReader(*asked.Ignore), domain)...)
	}
	matcher := sourceignore.NewDefaultMatcher(patterns, domain)
	return filepath.Walk(asked.Root, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		if info.IsDir() && info.Name() == ".git" {
			return filepath.SkipDir
		}
		if !info.Mode().IsRegular() || matcher.Match(strings.Split(path, string(filepath.Separator)), false) {
			return nil
		}
		relative, err := filepath.Rel(asked.Root, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		copied := filepath.Join(asked.Artifact, relative)
		if err := os.MkdirAll(filepath.Dir(copied), 0o755); err != nil {
			return err
		}
		return os.WriteFile(copied, content, 0o644)
	})
}

// kustomization does what kustomize-controller does between the artifact and the apply
// (internal/controller/kustomization_controller.go generate, build), in a folder of its own.
func kustomization(asked request) ([]map[string]any, error) {
	ctx := context.Background()
	var spec kustomizev1.Kustomization
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(asked.Object, &spec); err != nil {
		return nil, err
	}
	owner := unstructured.Unstructured{Object: asked.Object}
	folder := filepath.Join(asked.Artifact, filepath.Clean("/"+spec.Spec.Path))
	if _, err := os.Stat(folder); err != nil {
		return nil, err
	}
	if _, err := kustomize.NewGenerator(asked.Artifact, owner).WriteFile(folder); err != nil {
		return nil, err
	}
	built, err := kustomize.SecureBuild(asked.Artifact, folder, false)
	if err != nil {
		return nil, err
	}
	for _, made := range built.Resources() {
		if made.GetName() == "" || made.GetKind() == "" || made.GetApiVersion() == "" {
			return nil, fmt.Errorf("no apiVersion, kind and name: %s", made.String())
		}
		if spec.Spec.PostBuild == nil {
			continue
		}
		always := spec.GetSubstituteStrategy() == kustomizev1.SubstituteStrategyAlways
		changed, err := kustomize.SubstituteVariables(ctx, cluster{known: asked.Objects}, owner, made,
			kustomize.SubstituteWithAlways(always))
		if err != nil {
			return nil, err
		}
		if changed != nil {
			if _, err := built.Replace(made); err != nil {
				return nil, err
			}
		}
	}
	written, err := built.AsYaml()
	if err != nil {
		return nil, err
	}
	objects, err := utils.ReadObjects(bytes.NewReader(written))
	if err != nil {
		return nil, err
	}
	if common := spec.Spec.CommonMetadata; common != nil {
		utils.SetCommonMetadata(objects, common.Labels, common.Annotations)
	}
	var plain []map[string]any
	for _, object := range objects {
		plain = append(plain, object.Object)
	}
	return plain, nil
}

// values composes a release's values as helm-controller does before an action.
func values(asked request) (map[string]any, error) {
	inline, _, err := unstructured.NestedMap(asked.Object, "spec", "values")
	if err != nil {
		return nil, err
	}
	written, _, err := unstructured.NestedSlice(asked.Object, "spec", "valuesFrom")
	if err != nil {
		return nil, err
	}
	var references []meta.ValuesReference
	bytes, err := json.Marshal(written)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(bytes, &references); err != nil {
		return nil, err
	}
	namespace := (&unstructured.Unstructured{Object: asked.Object}).GetNamespace()
	return chartutil.ChartValuesFromReferences(context.Background(), logr.Discard(), cluster{known: asked.Objects},
		namespace, inline, references...)
}

// cluster knows the ConfigMaps and Secrets of a request.
type cluster struct {
	client.Client
	known []map[string]any
}

func (c cluster) Get(_ context.Context, key client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	kind := "ConfigMap"
	if _, is := into.(*corev1.Secret); is {
		kind = "Secret"
	}
	for _, content := range c.known {
		object := unstructured.Unstructured{Object: content}
		if object.GetKind() != kind || object.GetName() != key.Name || object.GetNamespace() != key.Namespace {
			continue
		}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, into); err != nil {
			return err
		}
		if secret, is := into.(*corev1.Secret); is {
			for name, value := range secret.StringData {
				if secret.Data == nil {
					secret.Data = map[string][]byte{}
				}
				secret.Data[name] = []byte(value)
			}
		}
		return nil
	}
	return apierrors.NewNotFound(schema.GroupResource{Resource: kind}, key.Name)
}
