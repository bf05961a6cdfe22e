'use strict'
// The page Files of the console (docs/operation.md), a plugin of Hawtio. It needs no build: React and PatternFly come
// from the console's shared scope. The service renders no HTML, and this page shows everything that it sends as text. All
// times are the service's, in the form of its log: the clock of the browser may be wrong.

var files = (() => {
  const EVERY_MS = 2000
  const STATE = '/actuator/files'
  const ROUTES = '/actuator/routes'
  const LEVELS = [
    { word: 'OK', color: 'green' },
    { word: 'Warning', color: 'orange' },
    { word: 'Critical', color: 'red' }
  ]
  const ENDINGS = {
    FAILED: 'failed',
    STOPPED: 'route stopped',
    BUSY: 'busy',
    REFUSED: 'refused request',
    STRANGER: 'invalid credentials',
    ABORTED: 'client disconnected'
  }
  // Parts of the health that always have a row; those of Spring Boot and Camel have one if they are not OK.
  const OURS = /^(storages|keys|api|routes)/
  let scope

  /** @returns the module that the console shares under this name */
  const shared = async name => (await Object.values(scope[name])[0].get())()

  const read = async (path, options) => {
    const response = await fetch(path, options)
    if (response.status === 401) {
      throw new Error('The session has ended. Load the page again to log in.')
    }
    const body = await response.json()
    // Status 409 is an outcome of an operation, and its body has the findings.
    if (!response.ok && response.status !== 409) {
      throw new Error(body.error || `${path}: status ${response.status}`)
    }
    return body
  }

  /** Loads routes with the CSRF token, which Hawtio's own fetch would not send. */
  const load = path => read(ROUTES + path, {
    method: 'POST',
    headers: { 'X-XSRF-TOKEN': (/XSRF-TOKEN=([^;]+)/.exec(document.cookie) || [])[1] }
  })

  /** @returns each finding in a line, with its place */
  const findings = ({ findings = [] }) => findings.map(({ file, line, column, message }) =>
    `${[file, line, column].filter(Boolean).join(':')}  ${message}`)

  /** @returns the index in LEVELS. Edits that the service has not loaded are a warning, although the status is UP. */
  const level = ({ status, details = {} }) => status === 'DOWN' || status === 'OUT_OF_SERVICE' ? 2
    : status !== 'UP' || details.rejected || details.waits || details.filesDiffer ? 1 : 0

  /** @returns the parts of the health, the worst first */
  const parts = components => Object.entries(components).flatMap(([name, part]) => part.components
    ? parts(part.components).map(inner => ({ ...inner, name: `${name} / ${inner.name}` }))
    : [{ name, level: level(part), details: part.details || {} }]).sort((a, b) => b.level - a.level)

  const text = ({ reason, advice, rejected, ...others }) => [[reason, advice].filter(Boolean).join('. ')]
    .concat(Object.entries(others).map(([name, value]) =>
      value && `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)).filter(Boolean).join('; ')

  const page = (React, pf, tables) => {
    const h = React.createElement

    /** @param head the width of each column in percent, by its name */
    const table = (label, head, rows) => h(tables.Table, { 'aria-label': label, variant: 'compact' },
      h(tables.Thead, null, h(tables.Tr, null, Object.entries(head).map(([name, width]) =>
        h(tables.Th, { key: name, style: { width: `${width}%` } }, name)))),
      h(tables.Tbody, null, rows.map((row, index) => h(tables.Tr, { key: index }, row.map((cell, column) =>
        h(tables.Td, { key: column, dataLabel: Object.keys(head)[column] }, cell))))))

    const Parts = ({ label, of }) => table(label, { Part: 25, State: 10, Details: 65 }, of.map(part => [part.name,
      h(pf.Label, { color: LEVELS[part.level].color }, LEVELS[part.level].word), text(part.details)]))

    const Routes = ({ rejected }) => {
      const [outcome, setOutcome] = React.useState()
      const [running, setRunning] = React.useState(false)
      const act = (path, what) => {
        if (window.confirm(`${what}?`)) {
          setRunning(true)
          setOutcome(`${what} …`)
          load(path).then(done => setOutcome([`${what}: ${done.outcome}`, ...findings(done)].join('\n')),
            failed => setOutcome(`${what}: ${failed.message}`)).finally(() => setRunning(false))
        }
      }
      const button = (what, path) => h(pf.Button, { variant: 'secondary', isDisabled: running,
        onClick: () => act(path, what) }, what)
      return h(React.Fragment, null,
        h('div', { className: 'buttons' }, button('Load the files', ''), button('Load the previous routes', '/previous')),
        outcome && h('p', { className: 'text', role: 'status' }, outcome),
        rejected && h(pf.Alert, { isInline: true, variant: 'warning', title: `Files rejected at ${rejected.at}` },
          h('div', { className: 'text' }, findings(rejected).join('\n'))))
    }

    const sum = (failures = []) => failures.reduce((count, failed) => count + failed.count, 0)

    const Failures = ({ failures }) => {
      const [chosen, setChosen] = React.useState('FAILED')
      return h(React.Fragment, null,
        h(pf.ToggleGroup, { 'aria-label': 'Endings' }, Object.entries(ENDINGS).map(([ending, name]) =>
          h(pf.ToggleGroupItem, { key: ending, text: `${name} (${sum(failures[ending])})`,
            isSelected: chosen === ending, onChange: () => setChosen(ending) }))),
        table('Last failures',
          { Last: 23, Count: 8, Code: 8, Cause: 12, Branch: 13, 'Reason, tenant, request ID': 36 },
          [...failures[chosen] || []].reverse().map(failed => [failed.at.replace(/\.\d+/, ''), failed.count, failed.code,
            failed.cause, failed.branch, h('div', null, failed.reason,
              h('div', { className: 'id' }, [failed.tenant, failed.requestId].filter(Boolean).join(' ')))])))
    }

    const Files = () => {
      const [state, setState] = React.useState()
      const [problem, setProblem] = React.useState()
      React.useEffect(() => {
        let timer
        const poll = () => {
          read(STATE).then(now => {
            setState(now)
            setProblem()
          }).catch(failed => setProblem(failed.message)).finally(() => { timer = setTimeout(poll, EVERY_MS) })
        }
        poll()
        return () => clearTimeout(timer)
      }, [])
      const all = state ? parts(state.health.components) : []
      const worst = all.length ? all[0].level : 0
      const title = name => h(pf.Title, { headingLevel: 'h2' }, name)
      return h(pf.PageSection, { hasBodyWrapper: false, className: 'files' },
        h(pf.Title, { headingLevel: 'h1', className: problem ? 'Warning' : LEVELS[worst].word },
          problem ? 'No state from the service' : state ? LEVELS[worst].word : 'Files'),
        problem && h(pf.Alert, { isInline: true, variant: 'warning', title: problem },
          state && `The state below is that of ${state.at}.`),
        state && h(React.Fragment, null,
          worst > 0 && h(Parts, { label: 'Problems', of: all.filter(part => part.level > 0) }),
          title('Last failures'), h(Failures, { failures: state.failures }),
          title('Routes'), h(Routes, { rejected: state.health.components.routes?.details?.rejected }),
          title('State'), h(Parts, { label: 'State', of: all.filter(part => part.level === 0 && OURS.test(part.name)) })))
    }

    /** Shows a fault of this page and keeps the menu. */
    return class extends React.Component {
      constructor (properties) {
        super(properties)
        this.state = {}
      }

      static getDerivedStateFromError (failure) {
        return { failure }
      }

      render () {
        return this.state.failure ? h('p', null, `This page failed: ${this.state.failure}`) : h(Files)
      }
    }
  }

  /** Logs a failure, because a rejected promise would stop the complete console. */
  const plugin = async () => {
    try {
      const [react, pf, tables, console] = await Promise.all(
        ['react', '@patternfly/react-core', '@patternfly/react-table', '@hawtio/react'].map(shared))
      console.hawtio.addPlugin({ id: 'files', title: 'Files', path: '/files', order: 1, isActive: async () => true,
        component: page(react, pf, tables) })
    } catch (failure) {
      window.console.error('The page Files is missing', failure)
    }
  }

  return { init: shareScope => { scope = shareScope }, get: async () => () => ({ plugin }) }
})()
