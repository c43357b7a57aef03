/// The response to one request with the reason for each decision, as text.
package struct Explanation: Equatable, Sendable {
  /// One decision.
  package struct Step: Equatable, Sendable {
    /// The subject of the decision, one or two words.
    package let subject: String
    /// The result.
    package let text: String
    /// The option or the section of an RFC that the decision follows; may be empty.
    package let source: String
  }

  /// A field of the response.
  package struct Field: Equatable, Sendable {
    /// The field name.
    package let name: String
    /// The field value.
    package let value: String
    /// Why the field is sent with this value.
    package let reason: String
  }

  /// The status; nil when the table does not answer the request, or the request is incomplete.
  package internal(set) var status: ResponseStatus?
  /// The index in `FileTable.Options.upstreamPaths` of the app that the request is forwarded to;
  /// nil when the table answers, and when there is no app.
  package internal(set) var upstream: Int?
  /// The decisions in the order in which they were made.
  package internal(set) var steps: [Step] = []
  /// The fields in the order in which they are sent, except `Date` and `Connection`, which depend
  /// on the time and the connection.
  package internal(set) var fields: [Field] = []
  /// The length of the body in bytes.
  package internal(set) var bodyByteCount: Int64 = 0

  mutating func add(_ subject: String, _ text: String, _ source: String = "") {
    steps.append(Step(subject: subject, text: text, source: source))
  }
}
