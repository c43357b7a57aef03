/// Finds the reasons for one answer.
struct Explainer {
  let table: FileTable
  let bytes: [UInt8]
  let head: RequestHead

  /// Explains the answer from the target to the fields.
  func explain(into explanation: inout Explanation) {
    let plan = table.plan(for: head, in: bytes.span)
    explanation.status = plan?.status
    var decoded = DecodedPath()
    guard decoded.decode(bytes.span, head.path.range) else {
      explanation.add("path", "its percent-encoding is broken; no file has it", "RFC 3986 §2.1")
      explainUnknown(plan, &explanation)
      return
    }
    let path = (0..<decoded.count).map { decoded.bytes[$0] }
    explanation.add("path", "'\(text(path))', decoded once", "RFC 3986 §2.4")
    guard let entry = entry(path, plan, &explanation) else {
      explainUnknown(plan, &explanation)
      return
    }
    guard let plan else { return }
    explain(entry, plan, &explanation)
  }

  /// What answers for `path`: a file of that name, or one that answers for it.
  private func entry(
    _ path: [UInt8],
    _ plan: ResponsePlan?,
    _ explanation: inout Explanation
  ) -> FileEntry? {
    if let entry = table.entry(at: path.span, 0..<path.count) { return entry }
    if let entry = table.entry(hashed: path) {
      explanation.add("name", "hashed; answered by the file without the hash", "development")
      return entry
    }
    guard let plan, plan.status != .notFound, let fallback = table.fallback else { return nil }
    explanation.add("name", "no file's, and it may be a page of the app", "fallback")
    return fallback
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
      explanation.add("file", "an index file is sent for its directory alone", "index file")
    case .file:
      if let name { explanation.add("file", "'\(name.path)'", name.place) }
    }
    guard head.method == .get || head.method == .head else {
      explanation.add("method", "files are for GET and HEAD", "RFC 9110 §9.1, §15.5.6")
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

  /// Tells which representation was chosen among which, and returns its index.
  private func addCodings(
    _ entry: FileEntry,
    _ name: FileName?,
    _ explanation: inout Explanation
  ) -> Int {
    let chosen = table.selected(of: entry, head, bytes.span)
    let first = Int(entry.firstRepresentation)
    guard entry.representationCount > 1 else {
      explanation.add("coding", "\(Self.label(table.representations[first])): the only one")
      return chosen
    }
    let wishes = table.acceptEncoding(head, bytes.span)
    let forms = (first..<first + Int(entry.representationCount)).map { index in
      let form = table.representations[index]
      let weight = Double(wishes.weight(of: form.coding)) / 1000
      let wish = weight == 0.001 && form.coding == .identity ? "not named" : "q=\(weight)"
      return "\(Self.label(form)) (\(wish))"
    }
    let coding = table.representations[chosen].coding
    explanation.add(
      "coding",
      "\(coding.token): of \(forms.joined(separator: ", ")) the smallest of those wanted most",
      "RFC 9110 §12.5.3"
    )
    if let name, coding != .identity {
      explanation.add("stored in", "'\(name.path)\(coding.fileSuffix)'")
    }
    return chosen
  }

  private static func label(_ form: Representation) -> String {
    "\(form.coding.token) of \(form.byteCount) bytes"
  }

  /// Why no file answers.
  private func explainUnknown(_ plan: ResponsePlan?, _ explanation: inout Explanation) {
    guard let plan else {
      explanation.add(
        "file",
        "none; it is nothing of these directories' and left to the app, without one it is 404"
      )
      return
    }
    explanation.add("file", "none is called so below the collected root's URL")
    addFields(plan, nil, nil, &explanation)
  }

  private func addFields(
    _ plan: ResponsePlan,
    _ entry: FileEntry?,
    _ name: FileName?,
    _ explanation: inout Explanation
  ) {
    let reasons = FieldReasons(options: table.options, name: name?.below, entry: entry)
    let response = PlainResponse(plan, of: table, head, bytes)
    explanation.fields = response.fields.map { name, value in
      Explanation.Field(name: name, value: value, reason: reasons.reason(for: name, value))
    }
    explanation.bodyByteCount = response.bodyByteCount
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Which file an entry was made from.
struct FileName {
  /// The file below its directory.
  let below: FilePath
  /// The file with its directory, as that was given.
  let path: String
  /// The directory and the URL path it stands for.
  let place: String

  init?(of entry: FileEntry, in table: FileTable) {
    guard entry.mount >= 0 else {
      // The fallback, which has no URL of its own.
      guard let fallback = table.options.fallback else { return nil }
      below = FilePath(fallback).lastComponent
      path = fallback
      place = "the fallback"
      return
    }
    let mount = table.mounts[Int(entry.mount)]
    var name = Array(table.path(of: entry).dropFirst(mount.prefix.utf8.count))
    // The index file has the URL of its directory.
    if name.isEmpty || name.last == UInt8(ascii: "/") {
      name += Array((table.options.indexFile ?? "").utf8)
    }
    below = FilePath(name)
    path = FilePath(mount.directory).appending(below).description
    place = "'\(mount.directory)' at \(mount.prefix)"
  }
}
