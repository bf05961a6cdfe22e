'use strict'
// The page Files of the console (docs/console.md), a plugin of Hawtio. It needs no build: React and PatternFly come from
// the console's shared scope. The service renders no HTML, and everything that it sends is text here. All times are the
// service's, in the form of its log: the clock of the browser may be wrong.

var files = (() => {
  const EVERY_MS = 2000
  const KEPT_MS = 15 * 60_000
  const STATE = '/actuator/files'
  const ROUTES = '/actuator/routes'
  const STATIC = '/actuator/hawtio/static/'
  // The address of a node in Hawtio's tree.
  const DIAGRAM = '/actuator/hawtio/camel/routeDiagram?nid=org.apache.camel-CamelContexts-filestream-routes-'
  const COLORS = { fine: 'green', look: 'orange', broken: 'red' }
  // Starts of the counters of each kind.
  const KINDS = [
    ['served', 'status--success', ['ending=SERVED']],
    ['failed', 'status--danger', ['ending=FAILED']],
    ['refused with 503', 'status--warning', ['filestream.downloads.refused ']],
    ['wrong request, no file, or aborted', 'status--info', ['ending=REFUSED', 'ending=ABORTED']],
    ['without valid credentials', 'nonstatus--gray', ['ending=STRANGER']]
  ]
  let scope

  /** @returns the module that the console shares under this name */
  const shared = async name => (await Object.values(scope[name])[0].get())()

  const time = at => `${new Date(at).toISOString().slice(0, 19)}Z`

  /** @returns a time with its age at another time */
  const since = (at, now) => {
    const seconds = Math.max(0, Math.round((now - new Date(at)) / 1000))
    const [count, unit] = seconds < 120 ? [seconds, 's'] : seconds < 7200 ? [seconds / 60, 'min']
      : seconds < 172_800 ? [seconds / 3600, 'h'] : [seconds / 86_400, 'days']
    return `${time(at)} (${Math.floor(count)} ${unit} ago)`
  }

  const read = async (path, options) => {
    const response = await fetch(path, options)
    if (response.status === 401) {
      throw new Error('The session has ended. Load the page again to log in.')
    }
    const body = await response.json()
    // A conflict is the outcome of an operation.
    if (!response.ok && response.status !== 409) {
      throw new Error(body.error || `${path}: status ${response.status}`)
    }
    return body
  }

  /** @returns each finding in a line, with its place */
  const findings = ({ findings = [] }) => findings.map(({ file, line, column, message }) =>
    `${[file, line, column].filter(Boolean).join(':')}  ${message}`)

  /** Loads routes. Hawtio's own fetch would not send the token. */
  const run = path => read(ROUTES + path, {
    method: 'POST',
    headers: { 'X-XSRF-TOKEN': (/XSRF-TOKEN=([^;]+)/.exec(document.cookie) || [])[1] }
  })

  /** @returns a block of Markdown in lines to read */
  const plain = block => /^(```|\||    )/.test(block) ? block
    : block.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\n *(?![-*\d#\n ])/g, ' ')

  /** @returns heading and text of a section of a page of the documentation */
  const section = async page => {
    const [path, anchor] = page.split('#')
    const parts = (await (await fetch(STATIC + path)).text()).split(/^(?=##+ )/m)
    const slug = part => part.split('\n')[0].toLowerCase().replace(/^#+ /, '').replace(/[^\w\- ]/g, '').replaceAll(' ', '-')
    const level = part => /^#*/.exec(part)[0].length
    const start = parts.findIndex(part => slug(part) === anchor)
    const end = parts.findIndex((part, index) => index > start && level(part) <= level(parts[start]))
    const [heading, ...blocks] = parts.slice(start, end < 0 ? undefined : end).join('').split('\n\n')
    return [heading.replace(/^#+ /, ''), blocks.map(plain).join('\n\n')]
  }

  /** @returns by how much the counters that start so have grown between two samples */
  const grown = (before, after, starts) => Object.keys(after.counters)
    .filter(series => starts.some(start => series.startsWith(start)))
    .reduce((sum, series) => sum + after.counters[series] - (before.counters[series] || 0), 0)

  /** @returns the upper bound of the bucket that holds this share of the downloads, in words */
  const percentile = (share, before, after) => {
    const buckets = Object.entries(after.durations).map(([ms, count]) => [+ms, count - (before.durations[ms] || 0)])
      .sort((a, b) => a[0] - b[0])
    const found = buckets.find(bucket => bucket[1] >= share * grown(before, after, ['ending=']))
    return found ? `≤ ${found[0]} ms` : `> ${buckets.at(-1)[0]} ms`
  }

  const page = (React, pf, tables) => {
    const h = React.createElement
    const color = name => `var(--pf-t--global--color--${name}--default)`

    /** @returns a text whose times are not broken */
    const whole = text => text.split(/(\d{4}-\d\d-\d\dT[\d:.]+Z)/).map((part, index) =>
      index % 2 ? h('span', { key: index, className: 'time' }, part) : part)

    /** @param head the width of each column in percent, by its name */
    const table = (label, head, rows) => h(tables.Table, { 'aria-label': label, variant: 'compact' },
      h(tables.Thead, null, h(tables.Tr, null, Object.entries(head).map(([name, width]) =>
        h(tables.Th, { key: name, style: { width: `${width}%` } }, name)))),
      h(tables.Tbody, null, rows.map((row, index) => h(tables.Tr, { key: index }, row.map((cell, column) =>
        h(tables.Td, { key: column, dataLabel: Object.keys(head)[column] }, cell))))))

    const Plot = ({ samples }) => {
      const steps = samples.slice(1).map((after, index) => KINDS.map(kind => grown(samples[index], after, kind[2])))
      const most = Math.max(1, ...steps.map(step => step.reduce((sum, count) => sum + count, 0)))
      const last = samples.at(-1)
      const minute = samples.findLast(sample => sample.at <= last.at - 60_000) || samples[0]
      const bars = steps.flatMap((step, index) => {
        let top = 100
        return step.map((count, kind) => {
          const height = count / most * 96
          top -= height
          return h('rect', { key: `${index} ${kind}`, x: (90 - steps.length + index) * 10, y: top, width: 8, height,
            fill: color(KINDS[kind][1]) })
        })
      })
      return h('div', null,
        h('svg', { viewBox: '0 0 900 100', preserveAspectRatio: 'none', role: 'img', className: 'bars',
          'aria-label': 'Downloads of the last 15 minutes, each bar those of 10 s' }, bars),
        h('div', { className: 'legend' }, KINDS.map(kind => h('span', { key: kind[0] },
          h('span', { style: { color: color(kind[1]) } }, '■ '), kind[0]))),
        h('p', null, `Downloads of 15 minutes, each bar those of 10 s, the highest ${most}. ${
          grown(minute, last, ['ending=']) === 0 ? 'No download in the last minute.' : `Time of a download in the last `
          + `minute: p50 ${percentile(0.5, minute, last)}, p99 ${percentile(0.99, minute, last)}.`}`))
    }

    /** Shows a section of the documentation. */
    const Help = ({ page, close }) => {
      const [[heading, text], setSection] = React.useState([page, ''])
      React.useEffect(() => {
        section(page).then(setSection, failed => setSection([page, failed.message]))
      }, [page])
      return h(pf.Modal, { isOpen: true, variant: 'medium', onClose: close, 'aria-label': heading },
        h(pf.ModalHeader, { title: heading, description: page }),
        h(pf.ModalBody, { style: { whiteSpace: 'pre-wrap' } }, text))
    }

    const Now = ({ state, samples }) => {
      const [help, setHelp] = React.useState()
      const link = (row, text) => h('a', { href: STATIC + row.page, 'aria-label': `${text}: ${row.what}`,
        onClick: event => { event.preventDefault(); setHelp(row.page) } }, text)
      return h(React.Fragment, null,
        table('State', { Part: 25, State: 10, Details: 52, More: 13 }, state.rows.map(row => [row.what,
          h(pf.Label, { color: COLORS[row.word.toLowerCase()] }, row.word.toLowerCase()), whole(row.text),
          link(row, row.word === 'FINE' ? 'Read more' : 'What to do')])),
        h(Plot, { samples }),
        help && h(Help, { page: help, close: () => setHelp() }))
    }

    const Failures = ({ state, samples }) => {
      const [kind, setKind] = React.useState('customers')
      const names = { customers: 'verified customers', unverified: 'before the customer was verified',
        credentials: 'refused credentials' }
      const last = samples.at(-1)
      const counts = pattern => Object.keys(last.counters).map(series => [pattern.exec(series), grown(samples[0], last, [series])])
        .filter(([labels, count]) => labels && count > 0).sort((a, b) => b[1] - a[1])
        .map(([labels, count]) => [...labels.slice(1), count])
      const refused = counts(/^filestream\.downloads\.refused reason=(\S+)/)
      const where = failed => [failed.branch, failed.step && h('span', { key: 'step' }, ', ',
        h('a', { href: `${DIAGRAM}${failed.route}-folder` }, failed.step))]
      return h(React.Fragment, null,
        h('p', null, `${state.failures.seen} downloads have failed since startup; of the last 15 minutes:`),
        table('Failures by cause', { Cause: 25, Branch: 35, resultCode: 20, Downloads: 20 },
          counts(/^filestream\.downloads branch=(\S+) cause=(\S+) resultCode=(?!0$)(\S+)/)
            .map(([branch, cause, code, count]) => [cause, branch, code, count])),
        refused.length > 0 && table('Refused with 503', { 'Reason of 503': 80, Downloads: 20 }, refused),
        h(pf.ToggleGroup, { 'aria-label': 'Callers' }, Object.keys(names).map(name => h(pf.ToggleGroupItem, {
          key: name, text: names[name], isSelected: kind === name, onChange: () => setKind(name) }))),
        table('Last failures', { Time: 20, Code: 8, Cause: 12, Tenant: 12, Where: 18, 'Reason, and ID of the request': 30 },
          state.failures[kind].map(failed => [whole(time(failed.at)), failed.code, failed.cause, failed.tenant, where(failed),
            h('div', null, failed.reason, h('div', { className: 'id' }, failed.requestId))])))
    }

    const Routes = ({ state }) => {
      const { routes } = state
      const [outcome, setOutcome] = React.useState()
      const [running, setRunning] = React.useState(false)
      const act = (path, what) => {
        if (window.confirm(`${what}?`)) {
          setRunning(true)
          setOutcome(`${what} …`)
          run(path).then(done => setOutcome([`${what}: ${done.outcome}`, ...findings(done)].join('\n')),
            failed => setOutcome(`${what}: ${failed.message}`)).finally(() => setRunning(false))
        }
      }
      const button = (text, path) => h(pf.Button, { variant: 'secondary', isDisabled: running,
        onClick: () => act(path, text) }, text)
      return h(React.Fragment, null,
        h('p', null, `These routes are active since ${since(routes.since, state.at)}, by ${routes.by}. SHA-256 `,
          h('span', { className: 'id' }, routes.sha256), `. The folder has ${routes.filesDiffer ? 'other' : 'the same'} files.`,
          ` ${routes.unreadable || routes.waits || ''}`),
        h('div', { className: 'buttons' }, button('Load the files', ''), button('Load the routes before', '/previous')),
        outcome && h('p', { className: 'text', role: 'status' }, outcome),
        routes.rejected && h(pf.Alert, { isInline: true, variant: 'danger',
          title: `The files were rejected ${since(routes.rejected.at, state.at)}` },
        h('div', { className: 'text' }, findings(routes.rejected).join('\n'))))
    }

    const Files = () => {
      const [state, setState] = React.useState()
      const [problem, setProblem] = React.useState()
      const [tab, setTab] = React.useState('Now')
      const samples = React.useRef([])
      React.useEffect(() => {
        let timer
        const poll = () => {
          const known = samples.current.at(-1)
          read(`${STATE}?since=${known ? known.at : 0}`).then(now => {
            samples.current = [...samples.current, ...now.traffic].filter(sample => sample.at > now.at - KEPT_MS)
            setState(now)
            setProblem()
          }).catch(failed => setProblem(failed.message)).finally(() => { timer = setTimeout(poll, EVERY_MS) })
        }
        poll()
        return () => clearTimeout(timer)
      }, [])
      const tabs = { Now, Failures, Routes }
      const needs = state ? state.rows.filter(row => row.word !== 'FINE') : []
      const verdict = problem ? 'No news from the service' : needs.length === 0 ? 'All is well'
        : needs.length === 1 ? '1 thing needs you' : `${needs.length} things need you`
      return h(pf.PageSection, { hasBodyWrapper: false, className: 'files' },
        h(pf.Title, { headingLevel: 'h1', className: problem ? 'broken' : needs.length ? needs[0].word.toLowerCase() : 'fine' },
          state || problem ? verdict : 'Files'),
        problem && h(pf.Alert, { isInline: true, variant: 'warning', title: problem },
          state && `The state below is that of ${time(state.at)}.`),
        h(pf.Tabs, { activeKey: tab, onSelect: (event, key) => setTab(key), 'aria-label': 'Views' },
          Object.keys(tabs).map(name => h(pf.Tab, { key: name, eventKey: name, title: name }))),
        state && samples.current.length > 0 && h(tabs[tab], { state, samples: samples.current }))
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

  /** A rejection would keep the complete console down. */
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
