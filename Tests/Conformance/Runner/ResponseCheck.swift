import Foundation

/// Compares a response with the expectations of a row.
struct ResponseCheck {
  private let response: Response
  private let earlier: [Response]
  private let facts: ServerFacts

  /// - Parameter earlier: the responses before it on the connection.
  init(_ response: Response, earlier: [Response], _ facts: ServerFacts) {
    self.response = response
    self.earlier = earlier
    self.facts = facts
  }

  /// The mismatches, as sentences.
  func failures(_ expectation: Expectation) -> [String] {
    switch expectation {
    case .statuses(let codes):
      return fail(unless: codes.contains(response.status), "\(response.status), not \(codes)")
    case .field(let name, let check):
      return failures(name, check)
    case .slice(let name, let range):
      return compare(FixtureTree.file(name).content[range], "bytes \(range) of \(name)")
    case .content(let name, let codings):
      return content(name, codings)
    case .codedPart(let name, let coding, let range):
      return codedPart(name, coding, range)
    case .parts(let name, let ranges, let count):
      return parts(name, ranges, count)
    case .explained:
      return fail(unless: !response.body.isEmpty, "no content")
    case .same(let names, let index):
      return names.flatMap { same($0, earlier[index]) }
    case .interim(let isExpected):
      let isRight = response.interim == (isExpected ? [100] : [])
      return fail(unless: isRight, "informational responses: \(response.interim)")
    case .when(let codes, let expectations):
      return codes.contains(response.status) ? expectations.flatMap(failures) : []
    case .all(let expectations):
      return expectations.flatMap(failures)
    case .either(let alternatives):
      let outcomes = alternatives.map(failures)
      if outcomes.contains(where: \.isEmpty) { return [] }
      return [outcomes.map { $0.joined(separator: ", ") }.joined(separator: "; or ")]
    }
  }

  private func fail(unless condition: Bool, _ text: String) -> [String] {
    condition ? [] : [text]
  }

  private func same(_ name: String, _ other: Response) -> [String] {
    fail(
      unless: response[name] == other[name],
      "\(name) is \(response[name] ?? "absent") and was \(other[name] ?? "absent")"
    )
  }

  private func failures(_ name: String, _ check: FieldCheck) -> [String] {
    let value = response[name]
    let text = "\(name): \(value ?? "(absent)")"
    switch check {
    case .absent: return fail(unless: value == nil, text)
    case .present: return fail(unless: value != nil, text)
    case .equals(let wanted):
      return fail(unless: value == facts.text(wanted), "\(text), not \(wanted)")
    case .differs(let other): return fail(unless: value != facts.text(other), text)
    case .codedTag(let tag, let coding):
      let wanted = facts.text(tag).map { "\($0.dropLast())-\(coding)\"" }
      return fail(unless: value == wanted, text)
    case .has(let member):
      return fail(unless: response.members(name).contains(member.lowercased()), text)
    case .lacks(let member):
      return fail(unless: !response.members(name).contains(member.lowercased()), text)
    case .mediaType(let type):
      let essence = value?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
      return fail(unless: essence?.lowercased() == type, text)
    case .httpDate:
      return fail(unless: value.flatMap(HTTPDateText.parse) != nil, text)
    case .notAfter(let other):
      let times = [value, response[other]].compactMap { $0.flatMap(HTTPDateText.parse) }
      return fail(unless: times.count == 2 && times[0] <= times[1], text)
    case .entityTag:
      let isTag = value?.wholeMatch(of: #/(W\/)?"[!\x23-\x7E\u{80}-\u{FF}]*"/#) != nil
      return fail(unless: isTag, text)
    }
  }

  private func compare(_ wanted: ArraySlice<UInt8>, _ name: String) -> [String] {
    fail(
      unless: response.body.elementsEqual(wanted),
      "\(response.body.count) bytes of content, not \(name) (\(wanted.count) bytes)"
    )
  }

  private func content(_ name: String, _ codings: [String]) -> [String] {
    let coding = response["Content-Encoding"]?.lowercased() ?? "identity"
    guard codings.contains(coding) else { return ["Content-Encoding is \(coding)"] }
    return compare(stored(name, coding)[...], "\(name) in \(coding)")
  }

  private func codedPart(_ name: String, _ coding: String, _ range: Range<Int>) -> [String] {
    let bytes = stored(name, coding)
    let field = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)"
    return failures("Content-Range", .equals(field))
      + failures("Content-Encoding", .equals(coding))
      + compare(bytes[range], "bytes \(range) of \(name) in \(coding)")
  }

  private func stored(_ name: String, _ coding: String) -> [UInt8] {
    let file = FixtureTree.file(name)
    switch coding {
    case "identity": return file.content
    case "gzip": return file.codings["gz"] ?? []
    default: return file.codings[coding] ?? []
    }
  }

  private func parts(_ name: String, _ ranges: [Range<Int>], _ count: Int?) -> [String] {
    let content = FixtureTree.file(name).content
    do {
      let parts = try ResponsePart.all(of: response)
      for part in parts where !part.body.elementsEqual(content[part.range]) {
        return ["the part \(part.range) has other bytes"]
      }
      guard parts.allSatisfy({ $0.size == content.count }) else { return ["another size"] }
      if let count, parts.count != count { return ["\(parts.count) parts, not \(count)"] }
      var covered = IndexSet()
      for part in parts { covered.insert(integersIn: part.range) }
      var wanted = IndexSet()
      for range in ranges { wanted.insert(integersIn: range) }
      return fail(unless: covered == wanted, "the parts are \(parts.map(\.range))")
    } catch {
      return ["\(error)"]
    }
  }
}
