/// The reasons why a delta is sent or not.
extension Explainer {
  /// Explains the choice among the deltas of `entry`; adds nothing for a file without deltas,
  /// unless the request has `Available-Dictionary`.
  func addDeltas(
    _ entry: FileEntry,
    _ name: FileName?,
    _ explanation: inout Explanation
  ) {
    let deltas = table.deltas(of: entry)
    guard !deltas.isEmpty else {
      if head.present.contains(.availableDictionary) {
        explanation.add(
          "delta",
          "none: there is no delta of the file that can be served",
          "RFC 9842"
        )
      }
      return
    }
    let candidates = deltas.map { index in
      let representation = table.representations[index]
      return "\(representation.byteCount) bytes from \(dictionary(of: representation))"
    }
    let choice = table.deltaChoice(of: entry, head, bytes.span)
    explanation.add(
      "delta",
      "\(Self.reason(choice)); there are: \(candidates.joined(separator: ", "))",
      Self.source(choice)
    )
    guard case .chosen(let index) = choice else { return }
    let representation = table.representations[index]
    explanation.add(
      "coding",
      "dcz of \(representation.byteCount) bytes: a delta from the content that the client has, "
        + "\(representation.deltaSavedByteCount) bytes less than the smallest other coding",
      "RFC 9842 §6"
    )
    if let name {
      let suffix = ".\(dictionary(of: representation)).dcz"
      explanation.add("stored in", "'\(name.path)\(suffix)'")
    }
  }

  /// The first digits of the dictionary's digest, as in the delta's file name.
  private func dictionary(of representation: Representation) -> String {
    let digits = table.copy(representation.dictionary).prefix(DictionaryCoding.digitCount / 2)
    return digits.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0\(text)" : text
    }.joined()
  }

  private static func reason(_ choice: FileTable.DeltaChoice) -> String {
    switch choice {
    case .chosen: "the client has the content that it is made from"
    case .notOffered: "not sent: the request has no Available-Dictionary"
    case .malformed: "not sent: Available-Dictionary is not one SHA-256 between colons, in base64"
    case .unknownDictionary: "not sent: none is made from the content that the client has"
    case .notAccepted: "not sent: Accept-Encoding does not name dcz, or prefers another coding"
    case .crossOrigin:
      "not sent: a page of another origin may not read the answer: it asks without CORS, as elements "
        + "without 'crossorigin' do, or its origin is not allowed"
    }
  }

  private static func source(_ choice: FileTable.DeltaChoice) -> String {
    switch choice {
    case .chosen, .notOffered, .unknownDictionary: "RFC 9842 §2.2"
    case .malformed: "RFC 9651 §3.3.5"
    case .notAccepted: "RFC 9842 §6.1"
    case .crossOrigin: "RFC 9842 §9.3.3"
    }
  }
}
