// What a value has that its JSON Schema (as much of it as the OpenAPI document uses) does not say, or says otherwise,
// each with its place. A member that the schema does not name is a fault, unless additionalProperties allows it or the
// schema names none.
export function faultsOf(schema, value, schemas, place = '') {
  if (schema.$ref) return faultsOf(schemas[schema.$ref.split('/').pop()], value, schemas, place);
  const faults = [];
  const fault = (what) => faults.push(`${place || '/'}: ${what}`);
  const kinds = [].concat(schema.type ?? []);
  if (kinds.length && !kinds.some((kind) => isOf(kind, value))) fault(`${JSON.stringify(value)?.slice(0, 60)} is not ${kinds.join(' or ')}`);
  if (schema.enum && !schema.enum.includes(value)) fault(`${JSON.stringify(value)} is none of ${schema.enum.join(', ')}`);
  if ('const' in schema && value !== schema.const) fault(`${JSON.stringify(value)} is not ${schema.const}`);
  const oneOf = schema.oneOf ?? schema.anyOf;
  if (oneOf && oneOf.every((one) => faultsOf(one, value, schemas).length)) fault('fits no alternative');
  if (Array.isArray(value)) value.forEach((item, i) => faults.push(...faultsOf(schema.items ?? {}, item, schemas, `${place}/${i}`)));
  else if (value && typeof value === 'object') {
    for (const name of schema.required ?? []) if (!(name in value)) fault(`'${name}' is missing`);
    for (const [name, inner] of Object.entries(value)) {
      const known = schema.properties?.[name] ?? schema.additionalProperties;
      if (known instanceof Object) faults.push(...faultsOf(known, inner, schemas, `${place}/${name}`));
      else if (schema.properties && known !== true) fault(`'${name}' is not documented`);
    }
  }
  return faults;
}

function isOf(kind, value) {
  switch (kind) {
    case 'integer': return Number.isInteger(value);
    case 'array': return Array.isArray(value);
    case 'null': return value === null;
    case 'object': return value !== null && typeof value === 'object' && !Array.isArray(value);
    default: return typeof value === kind;
  }
}
