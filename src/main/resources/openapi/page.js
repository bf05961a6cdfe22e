SwaggerUIBundle({
  url: 'openapi/filestream.yaml',
  dom_id: '#interface',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  // The API is on another port, where a browser may not send requests from this page. So no request needs credentials.
  supportedSubmitMethods: [],
  plugins: [{ components: { authorizeBtn: () => null, authorizeOperationBtn: () => null } }],
  // The public validator that is asked by default has no business with this page.
  validatorUrl: 'none',
});
