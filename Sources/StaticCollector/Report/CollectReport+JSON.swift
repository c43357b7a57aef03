internal import StaticAssets

extension CollectReport {
  /// The report as a JSON object; names are in ASCII, as Python writes them.
  ///
  /// - Parameter failure: the reason why nothing was published, if it is not a problem of the
  ///   input.
  public func json(failure: String? = nil) -> [UInt8] {
    var text = JSONText()
    text.add("{\"version\": 1, \"root\": ")
    text.add(string: root.bytes)
    text.add(isDryRun ? ", \"dryRun\": true" : ", \"dryRun\": false")
    addCounts(to: &text)
    add("copied", copied, to: &text)
    add("linked", linked, to: &text)
    add("unmodified", unmodified, to: &text)
    add("deleted", deleted, to: &text)
    add("skipped", skipped, to: &text)
    add("pruned", pruned, to: &text)
    add("carried", carried, to: &text)
    add("changed", changed, to: &text)
    text.add(",\n \"sources\": {")
    let sources = copiedFrom.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    add(sources, to: &text) { text, source in text.add(string: source.bytes) }
    text.add("}")
    add("skippedSources", skippedFrom, to: &text)
    text.add(",\n \"postProcessed\": [")
    add(postProcessed, to: &text) { text, entry in Self.add(entry, to: &text) }
    text.add("],\n \"files\": {")
    add(files.map { ($0.name, $0) }, to: &text) { text, file in Self.add(file, to: &text) }
    text.add("},\n \"problems\": [")
    add(problems, to: &text) { text, problem in Self.add(problem, to: &text) }
    text.add("]")
    if let failure {
      text.add(",\n \"failure\": ")
      text.add(string: Array(failure.utf8))
    }
    text.add("}\n")
    return text.bytes
  }

  /// The lengths of the lists, including lists that are empty because names were not requested.
  private func addCounts(to text: inout JSONText) {
    let counts: [(StaticString, Int)] = [
      ("copied", copied.count), ("linked", linked.count), ("unmodified", unmodifiedCount),
      ("deleted", deleted.count), ("skipped", skipped.count), ("pruned", pruned.count),
      ("postProcessed", postProcessedCount), ("carried", carried.count),
      ("changed", changed.count),
    ]
    text.add(",\n \"counts\": {")
    for (index, count) in counts.enumerated() {
      text.add(index > 0 ? ", \"" : "\"")
      text.add(count.0)
      text.add("\": ")
      text.add(count.1)
    }
    text.add("}")
  }

  private func add(_ key: StaticString, _ names: [BytePath], to text: inout JSONText) {
    text.add(",\n \"")
    text.add(key)
    text.add("\": [")
    add(names, to: &text) { text, name in text.add(string: name.bytes) }
    text.add("]")
  }

  private func add<Element>(
    _ elements: [Element],
    to text: inout JSONText,
    _ addElement: (inout JSONText, Element) -> Void
  ) {
    for (index, element) in elements.enumerated() {
      text.add(index > 0 ? ",\n  " : "\n  ")
      addElement(&text, element)
    }
  }

  private func add<Value>(
    _ members: [(key: BytePath, value: Value)],
    to text: inout JSONText,
    _ addValue: (inout JSONText, Value) -> Void
  ) {
    add(members, to: &text) { text, member in
      text.add(string: member.key.bytes)
      text.add(": ")
      addValue(&text, member.value)
    }
  }

  private static func add(_ entry: PostProcessed, to text: inout JSONText) {
    text.add("{\"name\": ")
    text.add(string: entry.name.bytes)
    text.add(", \"hashed\": ")
    text.add(string: entry.hashed.bytes)
    text.add(entry.isWritten ? ", \"written\": true}" : ", \"written\": false}")
  }

  private static func add(_ file: StoredFile, to text: inout JSONText) {
    text.add("{\"bytes\": ")
    text.add(file.byteCount)
    for coding in file.codings {
      text.add(", ")
      text.add(string: Array(coding.coding.token.description.utf8))
      text.add(": ")
      text.add(coding.byteCount)
    }
    if !file.deltas.isEmpty {
      text.add(", \"deltas\": [")
      for (index, delta) in file.deltas.enumerated() {
        text.add(index > 0 ? ", {\"from\": " : "{\"from\": ")
        text.add(string: delta.from.bytes)
        text.add(", \"dictionary\": ")
        text.add(string: Array(delta.dictionary.utf8))
        text.add(", \"bytes\": ")
        text.add(delta.byteCount)
        text.add("}")
      }
      text.add("]")
    }
    text.add("}")
  }

  private static func add(_ problem: Problem, to text: inout JSONText) {
    text.add("{\"severity\": ")
    text.add(string: Array(problem.severity.rawValue.utf8))
    text.add(", \"kind\": ")
    text.add(string: Array(problem.kind.rawValue.utf8))
    text.add(", \"file\": ")
    text.add(string: Array(problem.file.utf8))
    if let source = problem.source {
      text.add(", \"source\": ")
      text.add(string: Array(source.utf8))
    }
    if let line = problem.line {
      text.add(", \"line\": ")
      text.add(line)
    }
    if let reference = problem.reference {
      text.add(", \"reference\": ")
      text.add(string: Array(reference.utf8))
    }
    if !problem.files.isEmpty {
      text.add(", \"files\": [")
      for (index, file) in problem.files.enumerated() {
        if index > 0 { text.add(", ") }
        text.add(string: Array(file.utf8))
      }
      text.add("]")
    }
    text.add(", \"text\": ")
    text.add(string: Array(problem.text.utf8))
    text.add("}")
  }
}
