// Answers what the API server's own code says of custom objects by the validation rules of their definitions. Each line of
// standard input is {"definition", "version", "object", "old"}; each line of standard output is
// {"blocked", "errors": [{"type", "field", "detail"}], "error"}. Built by the commands in ../validations.ts.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

type question struct {
	Definition json.RawMessage `json:"definition"`
	Version    string          `json:"version"`
	Object     json.RawMessage `json:"object"`
	Old        json.RawMessage `json:"old"`
}

type answer struct {
	Blocked bool      `json:"blocked"`
	Errors  []problem `json:"errors"`
	Error   string    `json:"error,omitempty"`
}

type problem struct {
	Type   string `json:"type"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

type compiled struct {
	structural *schema.Structural
	rules      *cel.Validator
	schema     validation.SchemaValidator
	hasStatus  bool
}

var known = map[string]*compiled{}

func compile(q question) (*compiled, error) {
	key := q.Version + string(q.Definition)
	if found, ok := known[key]; ok {
		return found, nil
	}
	definition := v1.CustomResourceDefinition{}
	if err := json.Unmarshal(q.Definition, &definition); err != nil {
		return nil, err
	}
	v1.SetDefaults_CustomResourceDefinition(&definition)
	internal := apiextensions.CustomResourceDefinition{}
	if err := v1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(&definition, &internal, nil); err != nil {
		return nil, err
	}
	made := &compiled{}
	properties, err := apiextensions.GetSchemaForVersion(&internal, q.Version)
	if err != nil {
		return nil, err
	}
	if made.structural, err = schema.NewStructural(properties.OpenAPIV3Schema); err != nil {
		return nil, err
	}
	if made.schema, _, err = validation.NewSchemaValidator(properties.OpenAPIV3Schema); err != nil {
		return nil, err
	}
	subresources, err := apiextensions.GetSubresourcesForVersion(&internal, q.Version)
	if err != nil {
		return nil, err
	}
	made.hasStatus = subresources != nil && subresources.Status != nil
	made.rules = cel.NewValidator(made.structural, true, celconfig.PerCallLimit)
	known[key] = made
	return made, nil
}

func (c *compiled) read(raw json.RawMessage) (map[string]interface{}, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	object := map[string]interface{}{}
	if err := utiljson.Unmarshal(raw, &object); err != nil {
		return nil, err
	}
	pruning.Prune(object, c.structural, true)
	defaulting.PruneNonNullableNullsWithoutDefaults(object, c.structural)
	defaulting.Default(object, c.structural)
	if c.hasStatus {
		delete(object, "status")
	}
	return object, nil
}

func blocks(errs field.ErrorList) bool {
	for _, err := range errs {
		switch err.Type {
		case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
			return true
		}
	}
	return false
}

func judge(q question) answer {
	made, err := compile(q)
	if err != nil {
		return answer{Error: err.Error()}
	}
	object, err := made.read(q.Object)
	if err != nil {
		return answer{Error: err.Error()}
	}
	old, err := made.read(q.Old)
	if err != nil {
		return answer{Error: err.Error()}
	}
	result := answer{Blocked: blocks(validation.ValidateCustomResource(nil, object, made.schema)), Errors: []problem{}}
	if result.Blocked {
		return result
	}
	var before interface{}
	if old != nil {
		before = old
	}
	errs, _ := made.rules.Validate(context.Background(), nil, made.structural, object, before, celconfig.RuntimeCELCostBudget)
	for _, one := range errs {
		result.Errors = append(result.Errors, problem{Type: string(one.Type), Field: one.Field, Detail: one.Detail})
	}
	return result
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		q := question{}
		result := answer{}
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			result.Error = err.Error()
		} else {
			result = judge(q)
		}
		if err := out.Encode(result); err != nil {
			os.Exit(1)
		}
	}
}
