/// Explains how the preconditions and the range of a request were evaluated.
struct ConditionReasons {
  let table: FileTable
  let head: RequestHead
  let bytes: [UInt8]
  let entry: FileEntry
  /// The index of the selected representation.
  let chosen: Int

  /// A precondition and its step in RFC 9110 §13.2.2.
  private struct Condition {
    let field: RequestHead.Fields
    let name: String
    let step: Int
    /// The field that makes this one ignored when both are present.
    let overriding: (field: RequestHead.Fields, name: String)?
  }

  private static let conditions = [
    Condition(field: .ifMatch, name: "If-Match", step: 1, overriding: nil),
    Condition(
      field: .ifUnmodifiedSince,
      name: "If-Unmodified-Since",
      step: 2,
      overriding: (.ifMatch, "If-Match")
    ),
    Condition(field: .ifNoneMatch, name: "If-None-Match", step: 3, overriding: nil),
    Condition(
      field: .ifModifiedSince,
      name: "If-Modified-Since",
      step: 4,
      overriding: (.ifNoneMatch, "If-None-Match")
    ),
  ]

  /// Adds a step for each field that is present.
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
    if let overriding = condition.overriding, head.present.contains(overriding.field) {
      explanation.add(condition.name, "ignored: \(overriding.name) takes precedence", source)
      return .whole
    }
    let outcome = evaluate([condition.field])
    let text =
      switch outcome {
      case .failed: "false: 412"
      case .notModified: "the client's copy is current: 304"
      case .whole, .range: "no effect: it is true, or its value is not valid for this file"
      }
    explanation.add(condition.name, text, source)
    return outcome
  }

  private func addRange(_ plan: ResponsePlan, _ explanation: inout Explanation) {
    guard head.method == .get else {
      explanation.add("Range", "ignored: it is defined for GET only", "RFC 9110 §14.2")
      return
    }
    if head.present.contains(.ifRange) {
      let holds = evaluate([.range, .ifRange]) == .range
      let text =
        holds
        ? "matches the current representation"
        : "does not match: the whole representation is sent"
      explanation.add("If-Range", text, "RFC 9110 §13.2.2 step 5")
      guard holds else { return }
    }
    let text =
      switch plan.status {
      case .partialContent: "valid: 206"
      case .rangeNotSatisfiable: "no range is inside the representation: 416"
      default: "ignored: malformed, an unknown range unit, or too many ranges"
      }
    explanation.add("Range", text, "RFC 9110 §14.2")
  }

  /// The outcome of a request that has only the conditions in `fields`.
  private func evaluate(_ fields: RequestHead.Fields) -> Preconditions.Outcome {
    var head = head
    head.present.formIntersection(fields.union(.acceptEncoding))
    let tag = table.copy(table.representations[chosen].entityTag)
    return Preconditions.evaluate(
      head,
      in: bytes.span,
      entityTag: tag.span,
      modified: entry.modified,
      isOnlyRepresentation: entry.representationCount == 1
    )
  }
}
