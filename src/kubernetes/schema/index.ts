export {
  type CustomKind,
  type CustomKinds,
  type CustomVersion,
  customKindsOf,
  type OpenApiSchema,
} from './custom-types.js';
export { asStored, type CustomDefinition, definitionOf } from './definition.js';
export { formatPath, type SchemaProblem, type SchemaProblemCode } from './problem.js';
export { isUnresolved } from './syntax.js';
export { type SchemaOptions, validateObject } from './validate.js';
export { minorOf } from './version.js';
