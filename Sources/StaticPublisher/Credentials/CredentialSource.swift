internal import Glibc
internal import Synchronization

/// Finds credentials, and replaces temporary ones before they expire.
///
/// In botocore's order: the environment, a web identity token, the profile files, the container,
/// the instance.
final class CredentialSource: Sendable {
  private let settings: AWSSettings
  private let webIdentity: WebIdentity
  private let metadata: MetadataCredentials
  private let state = Mutex(State())

  private struct State {
    var known: Credentials?
    /// The time from which valid credentials may be replaced, in seconds since 1970.
    var nextFetch = Int64.min
  }

  /// Credentials are replaced if they expire within this number of seconds.
  private static let secondsLeftMin: Int64 = 300
  /// Seconds between two attempts to replace valid credentials.
  private static let fetchInterval: Int64 = 30

  init(_ settings: AWSSettings) {
    self.settings = settings
    webIdentity = WebIdentity(settings)
    metadata = MetadataCredentials(settings)
  }

  /// Credentials that are valid at `now`, in seconds since 1970.
  ///
  /// The lock is held while they are fetched, so that several threads fetch once. If that fails,
  /// the current ones are used as long as they are valid.
  func current(at now: Int64) throws(StoreError) -> Credentials {
    try state.withLock { (state) throws(StoreError) in
      if let known = state.known, let end = known.end {
        guard end - now <= Self.secondsLeftMin, end <= now || state.nextFetch <= now else {
          return known
        }
      } else if let known = state.known {
        return known
      }
      state.nextFetch = now + Self.fetchInterval
      do throws(StoreError) {
        let found = try find()
        state.known = found
        return found
      } catch {
        guard let known = state.known, let end = known.end, end > now else { throw error }
        return known
      }
    }
  }

  private func find() throws(StoreError) -> Credentials {
    if let found = try settings.environmentCredentials() { return found }
    if let found = try webIdentity.credentials() { return found }
    if let found = try settings.profileCredentials() { return found }
    if let found = try metadata.container() { return found }
    if let found = try metadata.instance() { return found }
    throw .usage(
      "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
    )
  }
}
