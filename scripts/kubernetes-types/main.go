// Prints, as JSON, every type that Kubernetes' own Go modules register: fields with their JSON names and types, which
// are required and what values an enumeration has, kinds by group and version, and the releases in which an API was
// introduced, deprecated and removed. generate.mjs turns the output of several releases into
// src/kubernetes/generated. See README.md beside this file.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"sort"
	"strings"

	crdv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	aggregatorv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type field struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Required bool     `json:"required,omitempty"`
	Enum     []string `json:"enum,omitempty"`
}

type kind struct {
	APIVersion  string `json:"apiVersion"`
	Kind        string `json:"kind"`
	Type        string `json:"type"`
	Introduced  string `json:"introduced,omitempty"`
	Deprecated  string `json:"deprecated,omitempty"`
	Removed     string `json:"removed,omitempty"`
	Replacement string `json:"replacement,omitempty"`
}

var types = map[string][]field{}

// Types that are not written as their Go fields say.
var opaque = map[string]string{
	"k8s.io/apimachinery/pkg/api/resource.Quantity":                                         "quantity",
	"k8s.io/apimachinery/pkg/util/intstr.IntOrString":                                       "intOrString",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Time":                                             "time",
	"k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime":                                        "time",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Duration":                                         "string",
	"k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1":                                         "{}any",
	"k8s.io/apimachinery/pkg/runtime.RawExtension":                                          "{}any",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSON":                         "any",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrArray":       "any",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrBool":        "any",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrStringArray": "any",
}

func nameOf(t reflect.Type) string {
	path := t.PkgPath()
	path = strings.TrimPrefix(path, "k8s.io/api/")
	path = strings.TrimPrefix(path, "k8s.io/apimachinery/pkg/apis/")
	path = strings.TrimPrefix(path, "k8s.io/apiextensions-apiserver/pkg/apis/")
	path = strings.TrimPrefix(path, "k8s.io/kube-aggregator/pkg/apis/")
	return path + "." + t.Name()
}

// Required as kube-openapi's openapi-gen has it: a marker decides, and without one whether the field is always written.
func isRequired(owner reflect.Type, f reflect.StructField, options []string) bool {
	markers := sourceOf(owner.PkgPath()).markers[owner.Name()+"."+f.Name]
	switch {
	case slices.Contains(markers, "optional"):
		return false
	case slices.Contains(markers, "required"):
		return true
	}
	return !slices.Contains(options, "omitempty") && !slices.Contains(options, "omitzero")
}

// The values of a type marked +enum, also where a list or a map holds them.
func enumOf(t reflect.Type) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.String || t.PkgPath() == "" {
		return nil
	}
	return sourceOf(t.PkgPath()).enums[t.Name()]
}

func typeOf(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if special, ok := opaque[t.PkgPath()+"."+t.Name()]; ok {
		return special
	}
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int32, reflect.Uint32:
		return "int32"
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "int64"
	case reflect.Float32, reflect.Float64:
		return "number"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return "[]" + typeOf(t.Elem())
	case reflect.Map:
		return "{}" + typeOf(t.Elem())
	case reflect.Struct:
		name := nameOf(t)
		if _, done := types[name]; !done {
			types[name] = nil
			types[name] = fieldsOf(t)
		}
		return name
	default:
		return "any"
	}
}

func fieldsOf(t reflect.Type) []field {
	fields := []field{}
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("json"), ",")
		if tag[0] == "-" || (f.PkgPath != "" && !f.Anonymous) {
			continue
		}
		inner := f.Type
		for inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if tag[0] == "" && f.Anonymous && inner.Kind() == reflect.Struct {
			fields = append(fields, fieldsOf(inner)...)
			continue
		}
		if tag[0] == "" {
			continue
		}
		fields = append(fields, field{tag[0], typeOf(f.Type), isRequired(t, f, tag[1:]), enumOf(f.Type)})
	}
	return fields
}

func version(major, minor int) string {
	b, _ := json.Marshal(minor)
	a, _ := json.Marshal(major)
	return string(a) + "." + string(b)
}

func main() {
	s := runtime.NewScheme()
	must(scheme.AddToScheme(s))
	must(crdv1.AddToScheme(s))
	must(aggregatorv1.AddToScheme(s))
	kinds := []kind{}
	for gvk, t := range s.AllKnownTypes() {
		if gvk.Version == "__internal" || !strings.Contains(t.PkgPath(), gvk.Version) || strings.HasSuffix(gvk.Kind, "Options") {
			continue
		}
		if _, hasMeta := t.FieldByName("ObjectMeta"); !hasMeta {
			continue
		}
		apiVersion, name := gvk.ToAPIVersionAndKind()
		k := kind{APIVersion: apiVersion, Kind: name, Type: typeOf(t)}
		object := reflect.New(t).Interface()
		if v, ok := object.(interface{ APILifecycleIntroduced() (int, int) }); ok {
			k.Introduced = version(v.APILifecycleIntroduced())
		}
		if v, ok := object.(interface{ APILifecycleDeprecated() (int, int) }); ok {
			k.Deprecated = version(v.APILifecycleDeprecated())
		}
		if v, ok := object.(interface{ APILifecycleRemoved() (int, int) }); ok {
			k.Removed = version(v.APILifecycleRemoved())
		}
		if v, ok := object.(interface {
			APILifecycleReplacement() schema.GroupVersionKind
		}); ok {
			r := v.APILifecycleReplacement()
			api, _ := r.ToAPIVersionAndKind()
			k.Replacement = api
		}
		kinds = append(kinds, k)
	}
	sort.Slice(kinds, func(i, j int) bool {
		return kinds[i].APIVersion+"/"+kinds[i].Kind < kinds[j].APIVersion+"/"+kinds[j].Kind
	})
	encoder := json.NewEncoder(os.Stdout)
	must(encoder.Encode(map[string]any{"types": types, "kinds": kinds}))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
