/// What is checked of a response.
indirect enum Expectation: Sendable {
  /// The status is one of these.
  case statuses([Int])
  /// A field of the head.
  case field(String, FieldCheck)
  /// The content is `range` of the named fixture, which is sent without a coding.
  case slice(String, Range<Int>)
  /// The content is the whole of the named fixture, stored or coded as `Content-Encoding` says,
  /// which is one of these (`identity` where the field is absent).
  case content(String, codings: [String])
  /// The content is `range` of the named fixture in a coding, and `Content-Range` says so.
  case codedPart(String, coding: String, Range<Int>)
  /// The parts, one or several, are right and together exactly `ranges` of the named fixture;
  /// their number is `count` unless that is nil.
  case parts(String, [Range<Int>], count: Int?)
  /// The content is not empty.
  case explained
  /// The fields are as in the response to an earlier exchange, or absent in both.
  case same([String], asIn: Int)
  /// A 100 came before, or did not.
  case interim(Bool)
  /// Only where the status is one of these.
  case when([Int], [Expectation])
  case all([Expectation])
  /// At least one holds.
  case either([Expectation])
}

/// What is checked of one field.
enum FieldCheck: Sendable {
  case absent
  case present
  /// The value after placeholders are filled.
  case equals(String)
  case differs(String)
  /// The entity tag with the coding's name before its last quote.
  case codedTag(String, String)
  /// The list in all its lines has the member, compared without case.
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

  /// What §14.2 of RFC 9110 leaves to the server: the part, or the whole.
  static func partOrWhole(_ name: String, _ range: Range<Int>) -> Expectation {
    .either([.part(name, range), .whole(name)])
  }

  /// 416 that tells the size.
  static func unsatisfiable(of size: Int) -> Expectation {
    .all([.statuses([416]), .field("Content-Range", .equals("bytes */\(size)"))])
  }
}
