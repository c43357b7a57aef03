/// Which of a file's stored codings become objects, and under which names.
///
/// Object stores do not negotiate codings: every client gets the same object for a name.
package enum PublishLayout: String, CaseIterable, Sendable {
  /// Files without coding; the CDN in front of the store compresses them.
  case identity
  /// Files without coding, and their codings beside them as `name.br` and `name.gz`, each with its
  /// Content-Encoding, for a rule at the edge that selects one.
  case suffixes
  /// The brotli coding under the plain name, for a site whose clients all accept it; other files as
  /// they are.
  case br
}
