'use strict'
// The page Files of the console (docs/console.md), a plugin of Hawtio. It needs no build: React and PatternFly come from
// the console's shared scope. The service renders no HTML, and everything that it sends is text here.

var files = (() => {
  const EVERY_MS = 2000
  const STATE = '/actuator/files'
  const ROUTES = '/actuator/routes'
  // The address of a node in Hawtio's tree.
  const DIAGRAM = '/actuator/hawtio/camel/routeDiagram?nid=org.apache.camel-CamelContexts-filestream-routes-'
  const COLORS = { fine: 'green', look: 'orange', broken: 'red' }
  const KINDS = [
    ['served', 'success', ['SERVED']],
    ['failed through the service or a store', 'danger', ['FAILED']],
    ['without valid credentials', 'nonstatus--gray', ['STRANGER']],
    ['refused or not found', 'warning', ['REFUSED', 'BUSY', 'STOPPED', 'ABORTED']]
  ]
  let scope

  /** @returns the module that the console shares under this name */
  const shared = async name => (await Object.values(scope[name])[0].get())()

  const time = at => new Date(at).toLocaleTimeString()

  const read = async (path, options) => {
    const response = await fetch(path, options)
    if (response.status === 401) {
      throw new Error('The session has ended. Load the page again to log in.')
    }
    return response.json()
  }

  /** Runs check, reload or rollback/N. Hawtio's own fetch would not send the token. */
  const run = operation => read(`${ROUTES}/${operation}`, {
    method: 'POST',
    headers: { 'X-XSRF-TOKEN': (/XSRF-TOKEN=([^;]+)/.exec(document.cookie) || [])[1] }
  })

  /** @returns the downloads of each kind between two samples */
  const downloads = (before, after) => KINDS.map(kind => kind[2].map(ending => `ending=${ending}`)
    .reduce((sum, series) => sum + after.counters[series] - before.counters[series], 0))

  /** @returns the upper bound of the bucket that holds this share of the downloads, in words */
  const percentile = (share, before, after) => {
    const buckets = Object.entries(after.durations).map(([ms, count]) => [+ms, count - (before.durations[ms] || 0)])
      .sort((a, b) => a[0] - b[0])
    const all = downloads(before, after).reduce((sum, count) => sum + count, 0)
    const found = buckets.find(bucket => bucket[1] >= share * all)
    return all === 0 ? 'no downloads' : found ? `≤ ${found[0]} ms` : `> ${buckets.at(-1)[0]} ms`
  }

  /** @returns pairs of lines, of which one is undefined where only the other text has the line */
  const diff = (left, right) => {
    const a = left.split('\n')
    const b = right.split('\n')
    const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        longest[i][j] = a[i] === b[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1])
      }
    }
    const pairs = []
    let i = 0
    let j = 0
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i] === b[j]) {
        pairs.push([a[i++], b[j++]])
      } else if (j === b.length || i < a.length && longest[i + 1][j] >= longest[i][j + 1]) {
        pairs.push([a[i++], undefined])
      } else {
        pairs.push([undefined, b[j++]])
      }
    }
    return pairs
  }

  const page = (React, pf, tables) => {
    const h = React.createElement
    const mono = { fontFamily: 'var(--pf-t--global--font--family--mono)', whiteSpace: 'pre-wrap' }
    const color = name => `var(--pf-t--global--color--${name.includes('--') ? name : `status--${name}`}--default)`

    const table = (label, head, rows) => h(tables.Table, { 'aria-label': label, variant: 'compact' },
      h(tables.Thead, null, h(tables.Tr, null, head.map(name => h(tables.Th, { key: name }, name)))),
      h(tables.Tbody, null, rows.map((row, index) => h(tables.Tr, { key: index },
        row.map((cell, column) => h(tables.Td, { key: column, dataLabel: head[column], modifier: 'breakWord' }, cell))))))

    const Plot = ({ samples }) => {
      const steps = samples.slice(1).map((after, index) => downloads(samples[index], after))
      const most = Math.max(1, ...steps.map(step => step.reduce((sum, count) => sum + count, 0)))
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
        h('svg', { viewBox: '0 0 900 100', preserveAspectRatio: 'none', role: 'img', width: '100%', height: 120,
          'aria-label': 'Downloads of the last 15 minutes, each bar those of 10 s' }, bars),
        h('p', null, `Each bar: 10 s, of 15 minutes; the highest has ${most} downloads. `,
          KINDS.map(kind => h('span', { key: kind[0], style: { marginRight: '1.5em' } },
            h('span', { style: { color: color(kind[1]) } }, '■ '), kind[0]))))
    }

    const Now = ({ state, samples }) => {
      const last = samples.at(-1)
      const minute = samples.findLast(sample => sample.at <= last.at - 60_000) || samples[0]
      return h(React.Fragment, null,
        h(Plot, { samples }),
        h('p', null, `Time of a download in the last minute: p50 ${percentile(0.5, minute, last)}, p99 ${
          percentile(0.99, minute, last)}.`),
        table('State', ['', 'State', 'Details', 'More'], state.rows.map(row => [row.what,
          h(pf.Label, { color: COLORS[row.word.toLowerCase()] }, row.word.toLowerCase()), row.text, row.page])))
    }

    const Failures = ({ state, samples }) => {
      const [kind, setKind] = React.useState('customers')
      const names = { customers: 'verified customers', unverified: 'before the customer was verified',
        credentials: 'refused credentials' }
      const first = samples[0]
      const last = samples.at(-1)
      const counts = Object.entries(last.counters)
        .map(([series, count]) => [series, count - (first.counters[series] || 0)])
        .map(([series, count]) => [/^filestream\.downloads branch=(\S+) cause=(\S+) resultCode=(\S+)/.exec(series), count])
        .filter(([labels, count]) => labels && count > 0 && labels[3] !== '0')
      const route = failed => failed.route ? DIAGRAM + failed.route + '-folder' : undefined
      return h(React.Fragment, null,
        h('p', null, `${state.failures.seen} downloads have failed since the start; of the last 15 minutes:`),
        table('Failures by cause', ['Cause', 'Branch', 'resultCode', 'Downloads'],
          counts.map(([labels, count]) => [labels[2], labels[1], labels[3], count])),
        h(pf.ToggleGroup, { 'aria-label': 'Callers' }, Object.keys(names).map(name => h(pf.ToggleGroupItem, {
          key: name, text: names[name], isSelected: kind === name, onChange: () => setKind(name) }))),
        table('Last failures', ['Time', 'Code', 'Cause', 'Tenant', 'Branch', 'Step', 'Request ID', 'Reason'],
          state.failures[kind].map(failed => [time(failed.at), failed.code, failed.cause, failed.tenant, failed.branch,
            failed.step && h('a', { href: route(failed) }, failed.step), failed.requestId, failed.reason])))
    }

    const Diff = ({ numbers }) => {
      const [sets, setSets] = React.useState()
      React.useEffect(() => {
        let wanted = true
        Promise.all(numbers.map(number => read(`${ROUTES}/${number}`))).then(found => wanted && setSets(found))
        return () => { wanted = false }
      }, [numbers.join()])
      if (!sets) {
        return null
      }
      const names = [...new Set(sets.flatMap(set => Object.keys(set.files)))].sort()
        .filter(name => sets[0].files[name] !== sets[1].files[name])
      const cell = (text, other, status) => h('td', { style: { ...mono, width: '50%', verticalAlign: 'top',
        color: text !== undefined && other === undefined ? color(status) : undefined } }, text)
      return names.length === 0 ? h('p', null, 'Both generations have the same files.') : names.map(name =>
        h('table', { key: name, style: { width: '100%', tableLayout: 'fixed' } },
          h('caption', { style: { textAlign: 'left' } }, name),
          h('tbody', null, diff(sets[0].files[name] || '', sets[1].files[name] || '')
            .map((pair, index, all) => all.slice(Math.max(0, index - 3), index + 4)
              .every(near => near[0] === near[1]) ? null : h('tr', { key: index },
                cell(pair[0], pair[1], 'danger'), cell(pair[1], pair[0], 'success'))))))
    }

    const Routes = ({ state }) => {
      const { serving, canary, history, stages, rejected, note, draining } = state.routes
      const [outcome, setOutcome] = React.useState()
      const older = history[1] ? history[1].number : serving.number
      const [compared, setCompared] = React.useState([older, serving.number])
      const act = (operation, question) => {
        if (!question || window.confirm(question)) {
          setOutcome(`${operation} …`)
          run(operation).then(done => setOutcome([`${operation}: ${done.outcome || done.error}${
            done.stage ? ` at stage ${done.stage}` : ''}`, ...(done.messages || [])].join('\n')),
          failed => setOutcome(failed.message))
        }
      }
      const choose = index => h('select', { 'aria-label': index ? 'newer generation' : 'older generation',
        value: compared[index], onChange: event => setCompared(
          compared.map((number, place) => place === index ? +event.target.value : number)) },
      history.map(each => h('option', { key: each.number, value: each.number }, each.number)))
      return h(React.Fragment, null,
        h('p', null, `Generation ${serving.number} serves since ${serving.since}, by ${serving.by}${
          serving.label ? `, label ${serving.label}` : ''}. ${note || ''}${
          draining.length ? ` Generations that end their last downloads: ${draining.join(', ')}.` : ''}`),
        h('div', null,
          h(pf.Button, { variant: 'secondary', onClick: () => act('check') }, 'Check the files'), ' ',
          h(pf.Button, { variant: 'secondary', onClick: () => act('reload',
            'Activate the files in the folder?') }, 'Load the files'), ' ',
          canary && h(pf.Button, { variant: 'secondary', onClick: () => act('promote',
            `Give generation ${canary.number} to all sessions?`) }, `Promote generation ${canary.number}`)),
        outcome && h('p', { style: mono, role: 'status' }, outcome),
        h('ol', { 'aria-label': 'Stages of the last edit' }, Object.entries(stages).map(([stage, at]) =>
          h('li', { key: stage }, `${time(at)} ${stage}`))),
        rejected && h(pf.Alert, { isInline: true, variant: 'danger', title: `Rejected at stage ${rejected.stage}, ${
          rejected.at}, by ${rejected.by}` }, h('div', { style: mono }, rejected.errors.map((error, index) =>
          rejected.sources[index] ? `${error}\n    ${rejected.sources[index]}` : error).join('\n'))),
        table('Generations', ['No.', 'State', 'Since', 'By', 'Label', 'SHA-256', 'Roll back'],
          history.map(each => [each.number, each.number === serving.number ? 'serves'
            : canary && each.number === canary.number ? 'canary' : each.withdrawn ? 'withdrawn' : '',
          each.since, each.by, each.label, each.sha256.slice(0, 12),
            each.number === (canary || serving).number ? '' : h(pf.Button, { variant: 'secondary', size: 'sm',
              onClick: () => act(`rollback/${each.number}`, `Activate the files of generation ${each.number}?`) },
            `Roll back to ${each.number}`)])),
        h('p', null, 'Differences from generation ', choose(0), ' to ', choose(1), ':'),
        h(Diff, { numbers: compared }))
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
            const oldest = Date.now() - 15 * 60_000
            samples.current = [...samples.current, ...now.traffic].filter(sample => sample.at > oldest)
            setState(now)
            setProblem()
          }).catch(failed => setProblem(failed.message)).finally(() => { timer = setTimeout(poll, EVERY_MS) })
        }
        poll()
        return () => clearTimeout(timer)
      }, [])
      const tabs = { Now, Failures, Routes }
      return h(pf.PageSection, { hasBodyWrapper: false },
        h(pf.Title, { headingLevel: 'h1' }, 'Files'),
        problem && h(pf.Alert, { isInline: true, variant: 'warning', title: problem }),
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
