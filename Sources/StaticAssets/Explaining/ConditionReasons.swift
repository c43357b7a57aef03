/// Why the preconditions and the range of a request came to what they did.
struct ConditionReasons {
  let table: FileTable
  let head: RequestHead
  let bytes: [UInt8]
  let entry: FileEntry
  /// The index of the representation that was chosen.
  let chosen: Int

  /// A precondition, and where it stands in RFC 9110.
  private struct Condition {
    let field: RequestHead.Fields
    let name: String
    let step: Int
    /// The field that leaves this one out of account.
    let master: (field: RequestHead.Fields, name: String)?
  }

  private static let conditions = [
    Condition(field: .ifMatch, name: "If-Match", step: 1, master: nil),
    Condition(
      field: .ifUnmodifiedSince,
      name: "If-Unmodified-Since",
      step: 2,
      master: (.ifMatch, "If-Match")
    ),
    Condition(field: .ifNoneMatch, name: "If-None-Match", step: 3, master: nil),
    Condition(
      field: .ifModifiedSince,
      name: "If-Modified-Since",
      step: 4,
      master: (.ifNoneMatch, "If-None-Match")
    ),
  ]

  /// Adds a step for each field that is there.
  func add(_ plan: ResponsePlan, to explanation: inout Explanation) {
    for condition in Self.conditions where head.present.contains(condition.field) {
      let outcome = add(condition, &explanation)
      guard outcome == .whole else { return }
    }
    if head.present.contains(.range) { addRange(plan, &explanation) }
  }

  private func add(_ condition: Condition, _ explanation: inout Explanation)
    -> Preconditions.Outcome
  {
    let source = "RFC 9110 §13.2.2 step \(condition.step)"
    if let master = condition.master, head.present.contains(master.field) {
      explanation.add(condition.name, "ignored: \(master.name) decides", source)
      return .whole
    }
    let outcome = evaluate([condition.field])
    let text =
      switch outcome {
      case .failed: "does not hold: 412"
      case .notModified: "the client has it already: 304"
      case .whole, .range: "changes nothing: it holds, or is no valid value for this file"
      }
    explanation.add(condition.name, text, source)
    return outcome
  }

  private func addRange(_ plan: ResponsePlan, _ explanation: inout Explanation) {
    guard head.method == .get else {
      explanation.add("Range", "ignored: it is for GET alone", "RFC 9110 §14.2")
      return
    }
    if head.present.contains(.ifRange) {
      let holds = evaluate([.range, .ifRange]) == .range
      let text = holds ? "names what is there" : "names something else: the whole is sent"
      explanation.add("If-Range", text, "RFC 9110 §13.2.2 step 5")
      guard holds else { return }
    }
    let text =
      switch plan.status {
      case .partialContent: "valid: 206"
      case .rangeNotSatisfiable: "begins behind the end: 416"
      default: "ignored: malformed, in unknown units, or too many parts"
      }
    explanation.add("Range", text, "RFC 9110 §14.2")
  }

  /// The outcome if the request had no conditions but those in `fields`.
  private func evaluate(_ fields: RequestHead.Fields) -> Preconditions.Outcome {
    var head = head
    head.present.formIntersection(fields.union(.acceptEncoding))
    let tag = table.copy(table.representations[chosen].entityTag)
    return Preconditions.evaluate(
      head,
      in: bytes.span,
      entityTag: tag.span,
      modified: entry.modified,
      isOnlyForm: entry.representationCount == 1
    )
  }
}
