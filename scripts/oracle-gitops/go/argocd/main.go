// Answers requests with what Argo CD's own packages make of them: one JSON object a line in, one a line out. Built
// inside of a copy of github.com/argoproj/argo-cd/v3. Runs the helm, kustomize and git of PATH, as Argo CD does.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	log "github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/argoproj/argo-cd/v3/applicationset/controllers/template"
	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/git"
	utilio "github.com/argoproj/argo-cd/v3/util/io"
)

const namespace = "argocd"

type request struct {
	Op string `json:"op"`
	// The checkout, which an Application may change
	Root   string          `json:"root"`
	Object json.RawMessage `json:"object"`
	// application: of the destination
	KubeVersion string   `json:"kubeVersion"`
	APIVersions []string `json:"apiVersions"`
	// applicationset: Secrets that declare clusters
	Clusters []corev1.Secret `json:"clusters"`
}

type response struct {
	Objects []json.RawMessage `json:"objects,omitempty"`
	Error   string            `json:"error,omitempty"`
}

func main() {
	log.SetLevel(log.PanicLevel)
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 256<<20)
	output := json.NewEncoder(os.Stdout)
	for input.Scan() {
		var asked request
		answer, err := response{}, json.Unmarshal(input.Bytes(), &asked)
		if err == nil {
			answer.Objects, err = answerTo(asked)
		}
		if err != nil {
			answer = response{Error: err.Error()}
		}
		if err := output.Encode(answer); err != nil {
			panic(err)
		}
	}
}

func answerTo(asked request) (objects []json.RawMessage, err error) {
	defer func() {
		if met := recover(); met != nil {
			err = fmt.Errorf("panic: %v", met)
		}
	}()
	switch asked.Op {
	case "application":
		return application(asked)
	case "applicationset":
		return applicationSet(asked)
	}
	return nil, fmt.Errorf("no such operation: %s", asked.Op)
}

// application asks the repo-server's own function for the manifests of each source, in order, with the requests that
// the application controller makes (controller/state.go GetRepoObjs).
func application(asked request) ([]json.RawMessage, error) {
	var app v1alpha1.Application
	if err := json.Unmarshal(asked.Object, &app); err != nil {
		return nil, err
	}
	size := resource.MustParse("10M")
	paths := utilio.NewRandomizedTempPaths(os.TempDir())
	references := map[string]*v1alpha1.RefTarget{}
	for _, source := range app.Spec.GetSources() {
		paths.Add(git.NormalizeGitURL(source.RepoURL), asked.Root)
		if source.Ref != "" {
			references["$"+source.Ref] = &v1alpha1.RefTarget{
				Repo:           v1alpha1.Repository{Repo: source.RepoURL},
				TargetRevision: source.TargetRevision,
			}
		}
	}
	var objects []json.RawMessage
	for _, source := range app.Spec.GetSources() {
		if source.Ref != "" && source.Path == "" && source.Chart == "" {
			continue
		}
		folder := filepath.Join(asked.Root, filepath.Clean("/"+source.Path))
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("%s: app path does not exist", source.Path)
		}
		made, err := repository.GenerateManifests(context.Background(), folder, asked.Root, "revision",
			&apiclient.ManifestRequest{
				Repo:               &v1alpha1.Repository{Repo: source.RepoURL},
				AppName:            app.InstanceName(namespace),
				Namespace:          app.Spec.Destination.Namespace,
				ProjectName:        app.Spec.Project,
				ApplicationSource:  &source,
				KustomizeOptions:   &v1alpha1.KustomizeOptions{},
				HelmOptions:        &v1alpha1.HelmOptions{ValuesFileSchemes: []string{"https", "http"}},
				KubeVersion:        asked.KubeVersion,
				ApiVersions:        asked.APIVersions,
				HasMultipleSources: app.Spec.HasMultipleSources(),
				RefSources:         references,
			}, true, git.NoopCredsStore{}, size, paths)
		if err != nil {
			return nil, err
		}
		for _, manifest := range made.Manifests {
			objects = append(objects, json.RawMessage(manifest))
		}
	}
	return objects, nil
}

// applicationSet gives the Applications as the controller generates them.
func applicationSet(asked request) ([]json.RawMessage, error) {
	var set v1alpha1.ApplicationSet
	if err := json.Unmarshal(asked.Object, &set); err != nil {
		return nil, err
	}
	known := cluster{secrets: asked.Clusters}
	terminal := map[string]generators.Generator{
		"List":     generators.NewListGenerator(),
		"Clusters": generators.NewClusterGenerator(known, namespace),
		"Git":      generators.NewGitGenerator(checkout{root: asked.Root}, namespace),
	}
	nested := map[string]generators.Generator{
		"Matrix": generators.NewMatrixGenerator(terminal),
		"Merge":  generators.NewMergeGenerator(terminal),
	}
	top := map[string]generators.Generator{}
	for name, generator := range terminal {
		nested[name], top[name] = generator, generator
	}
	top["Matrix"] = generators.NewMatrixGenerator(nested)
	top["Merge"] = generators.NewMergeGenerator(nested)
	made, _, err := template.GenerateApplications(log.NewEntry(log.StandardLogger()), set, top, &utils.Render{}, known)
	if err != nil {
		return nil, err
	}
	var objects []json.RawMessage
	for _, app := range made {
		written, err := json.Marshal(app)
		if err != nil {
			return nil, err
		}
		objects = append(objects, written)
	}
	return objects, nil
}

// checkout answers for the repo-server (reposerver/repository GetGitFiles, GetGitDirectories).
type checkout struct{ root string }

func (c checkout) GetFiles(_ context.Context, _, _, _, pattern string, _ bool, _ *v1alpha1.SourceIntegrity) (map[string][]byte, error) {
	listed := exec.Command("git", "ls-files", "--full-name", "-z", "--", pattern)
	listed.Dir = c.root
	output, err := listed.Output()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, path := range strings.Split(string(output), "\000") {
		if path == "" {
			continue
		}
		if files[path], err = os.ReadFile(filepath.Join(c.root, path)); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (c checkout) GetDirectories(_ context.Context, _, _, _ string, _ bool, _ *v1alpha1.SourceIntegrity) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(c.root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.IsDir() {
			return nil
		}
		if strings.HasPrefix(entry.Name(), ".") {
			return filepath.SkipDir
		}
		relative, err := filepath.Rel(c.root, path)
		if err != nil || relative == "." {
			return err
		}
		paths = append(paths, relative)
		return nil
	})
	return paths, err
}

// cluster knows the Secrets of a request, and every AppProject.
type cluster struct {
	client.Client
	secrets []corev1.Secret
}

func (c cluster) Get(context.Context, client.ObjectKey, client.Object, ...client.GetOption) error {
	return nil
}

func (c cluster) List(_ context.Context, into client.ObjectList, options ...client.ListOption) error {
	asked := client.ListOptions{}
	asked.ApplyOptions(options)
	found := into.(*corev1.SecretList)
	for _, secret := range c.secrets {
		if asked.LabelSelector == nil || asked.LabelSelector.Matches(labels.Set(secret.Labels)) {
			found.Items = append(found.Items, secret)
		}
	}
	return nil
}
