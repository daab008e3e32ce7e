/**
 * Reads schemas out of the TypeScript declarations of a @kubernetes-models package: which fields there are, of what
 * type, which are required and what values an enumeration has.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** Kinds by `group/Kind`, as families.mjs has them. `packages` is a node_modules with what the package imports. */
export function declaredKinds(folder, groups, packages) {
  const kinds = {};
  for (const group of groups) {
    for (const version of readdirSync(join(folder, group)).filter((name) => /^v\d/.test(name))) {
      for (const file of readdirSync(join(folder, group, version)).filter((name) => name.endsWith('.d.ts'))) {
        const path = join(folder, group, version, file);
        const declared = mainInterface(path);
        const kind = declared === null ? null : literalField(declared, 'kind');
        if (kind === null || literalField(declared, 'apiVersion') === null || kind.endsWith('List')) continue;
        const schema = schemaOfMembers(declared.members, path, packages, []);
        for (const own of ['apiVersion', 'kind']) schema.properties[own] = { type: 'string' };
        schema.required = schema.required?.filter((name) => name !== 'apiVersion' && name !== 'kind');
        if (schema.required?.length === 0) delete schema.required;
        schema.properties.metadata = { type: 'object' };
        if (schema.properties.status !== undefined)
          schema.properties.status = { 'x-kubernetes-preserve-unknown-fields': true };
        kinds[`${group}/${kind}`] ??= { plural: pluralOf(kind), scope: 'Namespaced', versions: {} };
        kinds[`${group}/${kind}`].versions[version] = { schema };
      }
    }
  }
  return kinds;
}

/** As the definitions of these kinds have it. */
function pluralOf(kind) {
  const lower = kind.toLowerCase();
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/** Types that take more than is declared: any JSON, and structs whose embedded fields the package leaves out. */
const OPEN = /ApiextensionsV1JSON$|RawExtension$|PkgApisKustomizeCustomHealthCheck$/;

const sources = new Map();
function sourceOf(path) {
  let source = sources.get(path);
  if (source === undefined) {
    source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    sources.set(path, source);
  }
  return source;
}

function mainInterface(path) {
  return sourceOf(path).statements.find(ts.isInterfaceDeclaration) ?? null;
}

function literalField(declared, name) {
  const member = declared.members.find((one) => one.name?.text === name);
  return member?.type !== undefined && ts.isLiteralTypeNode(member.type) ? member.type.literal.text : null;
}

function schemaOfMembers(members, path, packages, inside) {
  const index = members.find(ts.isIndexSignatureDeclaration);
  if (index !== undefined) {
    return { type: 'object', additionalProperties: schemaOf(index.type, path, packages, inside) };
  }
  const properties = {};
  const required = [];
  for (const member of members) {
    properties[member.name.text] = schemaOf(member.type, path, packages, inside);
    if (member.questionToken === undefined) required.push(member.name.text);
  }
  return { properties, ...(required.length > 0 ? { required } : {}), type: 'object' };
}

function schemaOf(type, path, packages, inside) {
  switch (type.kind) {
    case ts.SyntaxKind.StringKeyword:
      return { type: 'string' };
    case ts.SyntaxKind.BooleanKeyword:
      return { type: 'boolean' };
    case ts.SyntaxKind.NumberKeyword:
      return { type: 'number' };
    case ts.SyntaxKind.LiteralType:
      return { enum: [type.literal.text], type: 'string' };
    case ts.SyntaxKind.TypeLiteral:
      return schemaOfMembers(type.members, path, packages, inside);
    case ts.SyntaxKind.ArrayType:
      return { items: schemaOf(type.elementType, path, packages, inside), type: 'array' };
    case ts.SyntaxKind.UnionType: {
      if (type.types.every((one) => ts.isLiteralTypeNode(one) && ts.isStringLiteral(one.literal)))
        return { enum: type.types.map((one) => one.literal.text), type: 'string' };
      // A field that may be of several types is left to the controller.
      return { 'x-kubernetes-preserve-unknown-fields': true };
    }
    case ts.SyntaxKind.TypeReference: {
      const name = type.typeName.getText();
      if (name === 'Array')
        return { items: schemaOf(type.typeArguments[0], path, packages, inside), type: 'array' };
      return schemaOfName(name, path, packages, inside);
    }
    default:
      return { 'x-kubernetes-preserve-unknown-fields': true };
  }
}

function schemaOfName(name, path, packages, inside) {
  const anything = { 'x-kubernetes-preserve-unknown-fields': true };
  if (inside.includes(name) || OPEN.test(name)) return anything;
  for (const statement of sourceOf(path).statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const named = statement.importClause?.namedBindings;
    if (named === undefined || !ts.isNamedImports(named)) continue;
    if (!named.elements.some((one) => one.name.text === name)) continue;
    const from = statement.moduleSpecifier.text;
    const file = from.startsWith('.')
      ? join(dirname(path), from.replace(/\.js$/, '.d.ts'))
      : join(packages, `${from}.d.ts`);
    if (!existsSync(file)) throw new Error(`${path}: ${from} is not there`);
    const next = [...inside, name];
    const declared = mainInterface(file);
    if (declared !== null) return schemaOfMembers(declared.members, file, packages, next);
    const alias = sourceOf(file).statements.find(ts.isTypeAliasDeclaration);
    if (alias === undefined) throw new Error(`${file}: no type`);
    return schemaOf(alias.type, file, packages, next);
  }
  throw new Error(`${path}: ${name} is not imported`);
}
