// Lists the credentials of an operation as its parameters. Tools that send requests find them in the security schemes.
const credentialsAsParameters = {
  statePlugins: { spec: { wrapActions: {
    updateJsonSpec: (update) => (description) => {
      const operations = Object.values(description.paths ?? {}).flatMap((path) => Object.values(path));
      for (const operation of operations) {
        const credentials = Object.keys(operation.security?.[0] ?? {}).map((key) => {
          const scheme = description.components.securitySchemes[key];
          return {
            name: scheme.name ?? 'Authorization',
            in: 'header',
            required: true,
            description: scheme.description,
            schema: { type: 'string' },
          };
        });
        operation.parameters = [...credentials, ...operation.parameters];
      }
      return update(description);
    },
  } } },
};

SwaggerUIBundle({
  url: 'openapi/filestream.yaml',
  dom_id: '#interface',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  // The API is on another port, to which a browser may not send requests from this page. So the page offers no requests.
  supportedSubmitMethods: [],
  plugins: [
    { components: { authorizeBtn: () => null, authorizeOperationBtn: () => null } },
    credentialsAsParameters,
  ],
  // By default, Swagger UI would send the address of the description to a public validator.
  validatorUrl: 'none',
});
