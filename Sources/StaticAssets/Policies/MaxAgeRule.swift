/// `max-age` for the files that match a pattern.
///
/// If several rules match, the last one applies. Immutable names are not affected.
public struct MaxAgeRule: Equatable, Sendable {
  /// The pattern for the path below the mount; `*` and `?` also match slashes.
  package let glob: String
  /// `max-age` in whole seconds, from 0 to 2,147,483,647.
  package let maxAge: Duration

  /// A rule for the files that match `glob`.
  public init(glob: String, maxAge: Duration) {
    self.glob = glob
    self.maxAge = maxAge
  }
}
