/// A check of a response.
indirect enum Expectation: Sendable {
  /// The status is one of these.
  case statuses([Int])
  /// A field of the head.
  case field(String, FieldCheck)
  /// The content is `range` of the named fixture, without a coding.
  case slice(String, Range<Int>)
  /// The content is the whole of the named fixture in the coding of `Content-Encoding`, which is
  /// one of these (`identity` if the field is absent).
  case content(String, codings: [String])
  /// The content is `range` of the named fixture in a coding, and `Content-Range` matches.
  case codedPart(String, coding: String, Range<Int>)
  /// The parts, one or several, are right and together exactly `ranges` of the named fixture; there
  /// are `count` of them unless that is nil.
  case parts(String, [Range<Int>], count: Int?)
  /// The content is not empty.
  case explained
  /// The fields equal those of the response to an earlier exchange, or are absent in both.
  case same([String], asIn: Int)
  /// Whether a 100 (Continue) preceded the response.
  case interim(Bool)
  /// Checked only if the status is one of these.
  case when([Int], [Expectation])
  case all([Expectation])
  /// At least one holds.
  case either([Expectation])
}

/// A check of one field.
enum FieldCheck: Sendable {
  case absent
  case present
  /// The value after placeholders are filled.
  case equals(String)
  case differs(String)
  /// The entity tag with the coding's name before its closing quote.
  case codedTag(String, String)
  /// The list in all field lines has the member, compared case-insensitively.
  case has(String)
  case lacks(String)
  /// The value without parameters.
  case mediaType(String)
  case httpDate
  case notAfter(String)
  case entityTag
}

extension Expectation {
  static func status(_ codes: Int...) -> Expectation { .statuses(codes) }

  /// 200 with the whole of a fixture, without a coding.
  static func whole(_ name: String) -> Expectation {
    .all([.statuses([200]), .content(name, codings: ["identity"])])
  }

  /// 200 with the whole of a fixture in one of these codings.
  static func whole(_ name: String, in codings: String...) -> Expectation {
    .all([.statuses([200]), .content(name, codings: codings)])
  }

  /// 206 with one part.
  static func part(_ name: String, _ range: Range<Int>) -> Expectation {
    let size = FixtureTree.file(name).content.count
    let field = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
    return .all([
      .statuses([206]), .field("Content-Range", .equals(field)), .slice(name, range),
    ])
  }

  /// A choice of the server, RFC 9110 §14.2: the part, or the whole.
  static func partOrWhole(_ name: String, _ range: Range<Int>) -> Expectation {
    .either([.part(name, range), .whole(name)])
  }

  /// 416 with the size of the representation.
  static func unsatisfiable(of size: Int) -> Expectation {
    .all([.statuses([416]), .field("Content-Range", .equals("bytes */\(size)"))])
  }
}
