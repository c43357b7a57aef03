/// Which of a file's stored codings become objects, and under which names.
///
/// No object store negotiates codings: what a name has, every client gets.
package enum PublishLayout: String, CaseIterable, Sendable {
  /// Files without coding: what is in front of the store compresses them.
  case identity
  /// Files without coding, and their codings beside them as `name.br` and `name.gz`, each with its
  /// Content-Encoding, for a rule at the edge that picks one.
  case suffixes
  /// The brotli coding under the plain name, for a site whose clients all take it; files that have
  /// none as they are.
  case br
}
