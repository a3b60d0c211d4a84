const FUNCTION_NAME = /^(?:arn:[^:]+:lambda:[^:]*:)?(?:\d{12}:function:)?([^:]+)(?::[^:]+)?$/;

/** What a placeholder such as `{FunctionName:function-name}` makes of a property. An empty text counts as none. */
export const FILTERS: Readonly<Record<string, (value: string) => string>> = {
  // Lambda takes a name, a partial ARN or an ARN, each with or without a version.
  'function-name': (value) => FUNCTION_NAME.exec(value)?.[1] ?? value,
  'custom-bus': (value) => {
    const bus = value.replace(/^arn:[^:]+:events:[^:]*:[^:]*:event-bus\//, '');
    return bus === 'default' ? '' : bus;
  },
  'without-version': (value) => value.replace(/:\d+$/, ''),
  'leading-slash': (value) => (value.startsWith('/') ? value : `/${value}`),
};
