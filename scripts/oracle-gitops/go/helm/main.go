// Answers requests with what helm-controller's own actions make of a release: one JSON object a line in, one a line out.
// Built inside of a copy of github.com/fluxcd/helm-controller, whose internal packages it calls over a cluster that is
// empty and only takes note.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	helmaction "helm.sh/helm/v4/pkg/action"
	helmchartcommon "helm.sh/helm/v4/pkg/chart/common"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	helmloader "helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/kube"
	kubefake "helm.sh/helm/v4/pkg/kube/fake"
	releasecommon "helm.sh/helm/v4/pkg/release/common"
	helmrelease "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage"
	"helm.sh/helm/v4/pkg/storage/driver"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/resource"

	v2 "github.com/fluxcd/helm-controller/api/v2"
	"github.com/fluxcd/helm-controller/internal/action"
	"github.com/fluxcd/helm-controller/internal/release"
)

type request struct {
	// Folder of the chart
	Chart string `json:"chart"`
	// the HelmRelease
	Object map[string]any `json:"object"`
	// its values as they are put together
	Values map[string]any `json:"values"`
	// .Capabilities of the cluster, both optional
	KubeVersion string   `json:"kubeVersion"`
	APIVersions []string `json:"apiVersions"`
}

// phase is what one action makes.
type phase struct {
	Objects []map[string]any `json:"objects"`
	Hooks   []map[string]any `json:"hooks"`
	CRDs    []map[string]any `json:"crds"`
	Error   string           `json:"error,omitempty"`
}

type response struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	Install   phase  `json:"install"`
	Upgrade   phase  `json:"upgrade"`
	Error     string `json:"error,omitempty"`
}

func main() {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	nothing := httptest.NewServer(http.NotFoundHandler())
	defer nothing.Close()
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 256<<20)
	output := json.NewEncoder(os.Stdout)
	for input.Scan() {
		var asked request
		answer, err := response{}, json.Unmarshal(input.Bytes(), &asked)
		if err == nil {
			answer, err = answerTo(asked, nothing.URL)
		}
		if err != nil {
			answer = response{Error: err.Error()}
		}
		if err := output.Encode(answer); err != nil {
			panic(err)
		}
	}
}

func answerTo(asked request, server string) (answer response, err error) {
	defer func() {
		if met := recover(); met != nil {
			err = fmt.Errorf("panic: %v", met)
		}
	}()
	var object v2.HelmRelease
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(asked.Object, &object); err != nil {
		return response{}, err
	}
	answer = response{Name: release.ShortenName(object.GetReleaseName()), Namespace: object.GetReleaseNamespace()}
	answer.Install = installed(asked, &object, server)
	answer.Upgrade = upgraded(asked, &object, server)
	return answer, nil
}

func installed(asked request, object *v2.HelmRelease, server string) phase {
	chart, version, err := prepared(asked)
	if err != nil {
		return phase{Error: err.Error()}
	}
	notes := notingOf(chart)
	made, err := action.Install(context.Background(), configuration(notes, server, nil, version, asked), object, chart,
		asked.Values, func(install *helmaction.Install) {
			install.DryRunStrategy = helmaction.DryRunClient
			install.KubeVersion = version
			install.APIVersions = asked.APIVersions
		})
	return phaseOf(made, notes, object.GetInstall().DisableHooks, err)
}

func upgraded(asked request, object *v2.HelmRelease, server string) phase {
	chart, version, err := prepared(asked)
	if err != nil {
		return phase{Error: err.Error()}
	}
	before := &helmrelease.Release{
		Name:      release.ShortenName(object.GetReleaseName()),
		Namespace: object.GetReleaseNamespace(),
		Version:   1,
		Info:      &helmrelease.Info{Status: releasecommon.StatusDeployed},
		Chart:     &helmchart.Chart{Metadata: &helmchart.Metadata{Name: "before", Version: "0.0.1"}},
	}
	notes := notingOf(chart)
	made, err := action.Upgrade(context.Background(), configuration(notes, server, before, version, asked), object,
		chart, asked.Values, func(upgrade *helmaction.Upgrade) {
			upgrade.DryRunStrategy = helmaction.DryRunClient
		})
	return phaseOf(made, notes, object.GetUpgrade().DisableHooks, err)
}

// prepared loads the chart anew, which actions change.
func prepared(asked request) (*helmchart.Chart, *helmchartcommon.KubeVersion, error) {
	chart, err := helmloader.Load(asked.Chart)
	if err != nil {
		return nil, nil, err
	}
	if asked.KubeVersion == "" {
		return chart, nil, nil
	}
	version, err := helmchartcommon.ParseKubeVersion(asked.KubeVersion)
	return chart, version, err
}

func configuration(notes *noting, server string, before *helmrelease.Release, version *helmchartcommon.KubeVersion,
	asked request) *helmaction.Configuration {
	memory := driver.NewMemory()
	if before != nil {
		memory.SetNamespace(before.Namespace)
	}
	releases := storage.Init(memory)
	if before != nil {
		if err := releases.Create(before); err != nil {
			panic(err)
		}
	}
	capabilities := helmchartcommon.DefaultCapabilities.Copy()
	if version != nil {
		capabilities.KubeVersion = *version
	}
	capabilities.APIVersions = append(capabilities.APIVersions, asked.APIVersions...)
	flags := genericclioptions.NewConfigFlags(false)
	flags.APIServer = &server
	config := helmaction.NewConfiguration(helmaction.ConfigurationSetLogger(slog.DiscardHandler))
	config.Releases, config.KubeClient, config.Capabilities, config.RESTClientGetter = releases, notes, capabilities, flags
	return config
}

func phaseOf(made *helmrelease.Release, notes *noting, noHooks bool, err error) phase {
	if err != nil {
		return phase{Error: err.Error()}
	}
	answer := phase{CRDs: notes.made}
	if answer.Objects, err = read(made.Manifest); err != nil {
		return phase{Error: err.Error()}
	}
	for _, hook := range made.Hooks {
		objects, err := read(hook.Manifest)
		if err != nil {
			return phase{Error: err.Error()}
		}
		if !noHooks {
			answer.Hooks = append(answer.Hooks, objects...)
		}
	}
	return answer
}

func read(text string) ([]map[string]any, error) {
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), 4096)
	objects := []map[string]any{}
	for {
		var object map[string]any
		err := decoder.Decode(&object)
		if err == io.EOF {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		if object != nil {
			objects = append(objects, object)
		}
	}
}

// noting is a cluster that holds nothing and takes what is applied outside of the release: the files of crds/.
type noting struct {
	kubefake.PrintingKubeClient
	files map[string]bool
	made  []map[string]any
}

func notingOf(chart *helmchart.Chart) *noting {
	files := map[string]bool{}
	for _, one := range chart.CRDObjects() {
		files[string(one.File.Data)] = true
	}
	return &noting{files: files}
}

func (n *noting) Build(reader io.Reader, _ bool) (kube.ResourceList, error) {
	text, err := io.ReadAll(reader)
	if err != nil {
		return nil, err
	}
	if !n.files[string(text)] {
		return nil, nil
	}
	objects, err := read(string(text))
	if err != nil {
		return nil, err
	}
	var list kube.ResourceList
	for _, content := range objects {
		object := &unstructured.Unstructured{Object: content}
		kind := object.GroupVersionKind()
		list = append(list, &resource.Info{
			Name:      object.GetName(),
			Namespace: object.GetNamespace(),
			Object:    object,
			Mapping: &apimeta.RESTMapping{
				GroupVersionKind: kind,
				Resource:         schema.GroupVersionResource{Group: kind.Group, Version: kind.Version},
				Scope:            apimeta.RESTScopeRoot,
			},
		})
	}
	return list, nil
}

func (n *noting) Create(list kube.ResourceList, _ ...kube.ClientCreateOption) (*kube.Result, error) {
	n.take(list)
	return &kube.Result{}, nil
}

func (n *noting) Update(_, list kube.ResourceList, _ ...kube.ClientUpdateOption) (*kube.Result, error) {
	n.take(list)
	return &kube.Result{}, nil
}

func (n *noting) take(list kube.ResourceList) {
	for _, info := range list {
		if object, is := info.Object.(*unstructured.Unstructured); is {
			n.made = append(n.made, object.Object)
		}
	}
}
