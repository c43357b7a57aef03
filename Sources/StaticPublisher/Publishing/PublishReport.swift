package import StaticAssets
internal import StaticCollector

/// What a run has done to a store, or would do.
///
/// Names are relative to the prefix, in order.
package struct PublishReport: Sendable {
  /// `s3://bucket/prefix`.
  package let destination: String
  /// The collected root, absolute.
  package let root: BytePath
  package let layout: PublishLayout
  package let isDryRun: Bool
  /// The label of the release.
  package internal(set) var release = ""
  /// Objects that were sent because they were missing, or had other content.
  package internal(set) var sent: [BytePath] = []
  /// Objects that were sent again because their fields were different.
  package internal(set) var updated: [BytePath] = []
  /// Objects that were removed with the releases they belonged to.
  package internal(set) var removed: [BytePath] = []
  /// Objects that needed no change.
  package internal(set) var unchangedCount = 0
  /// Objects of earlier releases that were kept.
  package internal(set) var keptCount = 0
  /// The bytes of all sent objects, each counted once.
  package internal(set) var sentByteCount = 0
  /// Requests to the store, including repeated ones.
  package internal(set) var requestCount = 0
  /// Requests that were repeated.
  package internal(set) var retryCount = 0

  /// An empty report.
  package init(_ options: PublishOptions, _ address: StoreAddress) {
    destination = address.url
    root = options.root.absolute
    layout = options.layout
    isDryRun = options.isDryRun
  }

  /// The report as JSON: one object, its names in ASCII.
  ///
  /// - Parameter failure: why the release is not published; nil if it is.
  package func json(failure: String? = nil) -> [UInt8] {
    var text = JSONText()
    text.add("{\"version\": 1, \"destination\": ")
    text.add(string: Array(destination.utf8))
    text.add(", \"root\": ")
    text.add(string: root.bytes)
    text.add(", \"layout\": ")
    text.add(string: Array(layout.rawValue.utf8))
    text.add(", \"release\": ")
    text.add(string: Array(release.utf8))
    text.add(isDryRun ? ", \"dryRun\": true" : ", \"dryRun\": false")
    let counts: [(StaticString, Int)] = [
      ("sent", sent.count), ("updated", updated.count), ("removed", removed.count),
      ("unchanged", unchangedCount), ("kept", keptCount), ("sentBytes", sentByteCount),
      ("requests", requestCount), ("retries", retryCount),
    ]
    text.add(",\n \"counts\": {")
    for (index, (name, count)) in counts.enumerated() {
      text.add(index > 0 ? ", \"" : "\"")
      text.add(name)
      text.add("\": ")
      text.add(count)
    }
    text.add("}")
    Self.add("sent", sent, to: &text)
    Self.add("updated", updated, to: &text)
    Self.add("removed", removed, to: &text)
    if let failure {
      text.add(",\n \"failure\": ")
      text.add(string: Array(failure.utf8))
    }
    text.add("}\n")
    return text.bytes
  }

  private static func add(_ key: StaticString, _ names: [BytePath], to text: inout JSONText) {
    text.add(",\n \"")
    text.add(key)
    text.add("\": [")
    for (index, name) in names.enumerated() {
      text.add(index > 0 ? ",\n  " : "\n  ")
      text.add(string: name.bytes)
    }
    text.add("]")
  }
}

extension PublishReport: CustomStringConvertible {
  /// A summary in text form.
  package var description: String {
    var lines: [String] = []
    let count = sent.count + updated.count
    var sentence = "\(Count.of(count, "object")) (\(Count.bytes(sentByteCount))) "
    sentence += "\(isDryRun ? "to be sent" : "sent") to '\(destination)'"
    if !updated.isEmpty { sentence += ", \(updated.count) of them for their fields alone" }
    sentence += ", \(unchangedCount) unchanged"
    lines.append(sentence + ".")
    if !removed.isEmpty {
      let verb = isDryRun ? "To be removed:" : "Removed"
      lines.append("\(verb) \(Count.of(removed.count, "object")) of older releases.")
    }
    if keptCount > 0 { lines.append("Kept \(Count.of(keptCount, "object")) of older releases.") }
    let retries = retryCount > 0 ? ", \(retryCount) of them repeated" : ""
    lines.append("\(Count.of(requestCount, "request"))\(retries).")
    if isDryRun { lines.append("Nothing was written: this was a dry run.") }
    return lines.joined(separator: "\n")
  }
}
