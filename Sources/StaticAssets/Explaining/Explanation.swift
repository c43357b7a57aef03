/// What a table answers to one request, and why: for people.
public struct Explanation: Equatable, Sendable {
  /// A decision on the way to the answer.
  public struct Step: Equatable, Sendable {
    /// What was decided about, in a word or two.
    public let subject: String
    /// What was decided.
    public let text: String
    /// The rule or the section behind it; empty when the text says it.
    public let source: String
  }

  /// A field of the response.
  public struct Field: Equatable, Sendable {
    /// Its name.
    public let name: String
    /// Its value.
    public let value: String
    /// Why it is sent, and why with this value.
    public let reason: String
  }

  /// The status; nil when the request is nothing of the table's and goes to somebody else.
  public internal(set) var status: ResponseStatus?
  /// The decisions, in the order in which they were made.
  public internal(set) var steps: [Step] = []
  /// The fields in the order in which they are sent, without those that depend on the moment and
  /// on the connection: Date and Connection.
  public internal(set) var fields: [Field] = []
  /// Bytes of the body.
  public internal(set) var bodyByteCount: Int64 = 0

  mutating func add(_ subject: String, _ text: String, _ source: String = "") {
    steps.append(Step(subject: subject, text: text, source: source))
  }
}
