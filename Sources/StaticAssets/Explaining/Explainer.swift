/// Explains one response.
struct Explainer {
  let table: FileTable
  let bytes: [UInt8]
  let head: RequestHead

  /// Adds the reasons for all decisions, from the target to the fields.
  func explain(into explanation: inout Explanation) {
    let own = table.plan(for: head, in: bytes.span)
    var plan = own
    if plan == nil {
      if isForPeers, !table.leavesNamesToApp {
        plan = table.notFound(head.method)
      } else {
        explanation.upstream = table.upstream(for: head, in: bytes.span)
        if explanation.upstream == nil { plan = table.planOutside(for: head, in: bytes.span) }
      }
    }
    explanation.status = plan?.status
    var decoded = DecodedPath()
    guard decoded.decode(bytes.span, head.path.range) else {
      explanation.add("path", "its percent-encoding is malformed; no file matches", "RFC 3986 §2.1")
      explainMissingFile(plan, &explanation)
      return
    }
    let path = (0..<decoded.count).map { decoded.bytes[$0] }
    explanation.add("path", "'\(text(path))', decoded once", "RFC 3986 §2.4")
    if case .redirect(let rule)? = plan?.completion {
      let line = table.routes.redirects.rules[rule].line
      explanation.add(
        "redirect",
        "line \(line) of the file of redirects is for this path",
        "redirects"
      )
      if let plan { addFields(plan, nil, nil, &explanation) }
      return
    }
    guard let entry = entry(path, plan, &explanation) else {
      if own == nil, explainLive(path, &explanation) {
        explanation.upstream = nil
        return
      }
      if isForPeers {
        explanation.add(
          "name",
          "it looks hashed; if a peer has the file, that is the answer",
          "peers"
        )
      }
      explainMissingFile(plan, &explanation)
      return
    }
    guard let plan else { return }
    explain(entry, plan, &explanation)
  }

  /// Whether the request is forwarded to other replicas first.
  private var isForPeers: Bool { table.isForPeers(head, in: bytes.span) }

  /// The entry for `path`: the file at that path, its unhashed file or a fallback.
  private func entry(
    _ path: [UInt8],
    _ plan: ResponsePlan?,
    _ explanation: inout Explanation
  ) -> FileEntry? {
    if let entry = table.entry(at: path.span, 0..<path.count) { return entry }
    if let entry = table.entry(hashed: path) {
      explanation.add("name", "hashed; the file without the hash answers", "development")
      return entry
    }
    guard let plan, plan.status != .notFound, plan.status != .badRequest,
      let page = page(for: path)
    else { return nil }
    explanation.add("name", "no file has it, and it may be a page of the app", "fallback")
    return page.entry
  }

  /// The fallback for `path`.
  private func page(for path: [UInt8]) -> Routes.Page? {
    guard table.isPageRequest(head, path.span, 0..<path.count) else { return nil }
    switch table.owner(path.span, 0..<path.count) {
    case .page(let number): return table.page(number)
    case .rest(isPublic: true): return table.routes.plainPage
    case .app, .root, .upstream, .rest: return nil
    }
  }

  private func explain(
    _ entry: FileEntry,
    _ plan: ResponsePlan,
    _ explanation: inout Explanation
  ) {
    let name = FileName(of: entry, in: table)
    switch entry.kind {
    case .absent:
      explanation.add("file", "a stored coding of another file has no URL of its own")
    case .redirect:
      explanation.add("file", "an index file is served at the URL of its directory", "index file")
    case .cleanRedirect:
      explanation.add("file", "a page is served under its name without '.html'", "clean URLs")
    case .file:
      if let name { explanation.add("file", "'\(name.path)'", name.location) }
    }
    guard head.method == .get || head.method == .head else {
      explanation.add("method", "a file is sent for GET and HEAD only", "RFC 9110 §9.1, §15.5.6")
      addFields(plan, nil, nil, &explanation)
      return
    }
    guard entry.kind == .file else {
      addFields(plan, nil, nil, &explanation)
      return
    }
    let chosen = addCodings(entry, name, &explanation)
    ConditionReasons(table: table, head: head, bytes: bytes, entry: entry, chosen: chosen)
      .add(plan, to: &explanation)
    addFields(plan, entry, name, &explanation)
  }

  /// Explains the content negotiation; returns the index of the selected representation.
  private func addCodings(
    _ entry: FileEntry,
    _ name: FileName?,
    _ explanation: inout Explanation
  ) -> Int {
    let chosen = table.selected(of: entry, head, bytes.span)
    addDeltas(entry, name, &explanation)
    if table.deltas(of: entry).contains(chosen) { return chosen }
    let first = Int(entry.firstRepresentation)
    guard entry.representationCount > 1 else {
      explanation.add("coding", "\(Self.label(table.representations[first])): the only one")
      return chosen
    }
    let preferences = table.acceptEncoding(head, bytes.span)
    let candidates = (first..<first + Int(entry.representationCount)).map { index in
      let representation = table.representations[index]
      let weight = Double(preferences.weight(of: representation.coding)) / 1000
      let preference =
        weight == 0.001 && representation.coding == .identity ? "not named" : "q=\(weight)"
      return "\(Self.label(representation)) (\(preference))"
    }
    let coding = table.representations[chosen].coding
    explanation.add(
      "coding",
      "\(coding.token): the highest weight, then the smallest, of \(candidates.joined(separator: ", "))",
      "RFC 9110 §12.5.3"
    )
    if let name, coding != .identity {
      explanation.add("stored in", "'\(name.path)\(coding.fileSuffix)'")
    }
    return chosen
  }

  private static func label(_ representation: Representation) -> String {
    "\(representation.coding.token) of \(representation.byteCount) bytes"
  }

  /// Explains why no file has the path.
  private func explainMissingFile(_ plan: ResponsePlan?, _ explanation: inout Explanation) {
    var decoded = DecodedPath()
    let isDecoded = decoded.decode(bytes.span, head.path.range)
    let path = isDecoded ? (0..<decoded.count).map { decoded.bytes[$0] } : []
    let owner = table.owner(path.span, 0..<path.count)
    guard let plan = plan ?? table.planWithoutLive(for: head, in: bytes.span) else {
      explanation.add("file", Self.reason(owner))
      guard owner != .app, let page = page(for: path), page.order == .afterApp else { return }
      let file = table.options.fallbacks[page.number].file
      explanation.add(
        "fallback",
        "'\(file)' instead of the app's answer if that is 404 and the client accepts HTML",
        "fallback"
      )
      return
    }
    explanation.status = plan.status
    if plan.status == .badRequest {
      explanation.add("path", "servers read it differently, and some as another's path: refused")
    } else if owner == .root {
      explanation.add("file", "none with this name below the collected root's URL")
    } else {
      explanation.add("file", "none with this name, and there is no app for the path")
    }
    addFields(plan, nil, nil, &explanation)
  }

  private static func reason(_ owner: FileTable.Owner) -> String {
    switch owner {
    case .app: "not looked for: the path is the app's alone"
    case .upstream: "none, and the path is that of an app: the app answers"
    case .page: "none, and the name is not that of a page: the app answers"
    case .root, .rest:
      "none, and no directory covers the path: the app answers; without an app it is 404"
    }
  }

  func addFields(
    _ plan: ResponsePlan,
    _ entry: FileEntry?,
    _ name: FileName?,
    _ explanation: inout Explanation
  ) {
    let reasons = FieldReasons(options: table.options, name: name?.relativePath, entry: entry)
    addFields(plan, of: table, reasons, &explanation)
  }

  /// Adds the fields of `plan`, a response of `table`.
  func addFields(
    _ plan: ResponsePlan,
    of table: FileTable,
    _ reasons: FieldReasons,
    _ explanation: inout Explanation
  ) {
    let request = ParsedRequest(head: head, bytes: bytes)
    let response = PlainResponse(plan, of: table, to: request)
    explanation.fields = response.fields.map { field in
      Explanation.Field(
        name: field.name,
        value: field.value,
        reason: reasons.reason(for: field.name, field.value)
      )
    }
    explanation.bodyByteCount = response.bodyByteCount
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
