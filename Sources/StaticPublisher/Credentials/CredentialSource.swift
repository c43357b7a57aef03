internal import Glibc
internal import Synchronization

/// Finds credentials, and gets new ones before those that have an end are over.
///
/// In botocore's order: the environment, a token of the platform, the files of profiles, the container's,
/// the instance's.
final class CredentialSource: Sendable {
  private let settings: AWSSettings
  private let webIdentity: WebIdentity
  private let metadata: MetadataCredentials
  private let known = Mutex<Credentials?>(nil)

  /// New ones are fetched when there are less than these seconds left.
  private static let secondsLeftMin: Int64 = 300

  init(_ settings: AWSSettings) {
    self.settings = settings
    webIdentity = WebIdentity(settings)
    metadata = MetadataCredentials(settings)
  }

  /// Credentials that are good at `now`, in seconds since 1970.
  ///
  /// The lock is held while they are fetched, so that several threads do it once.
  func current(at now: Int64) throws(StoreError) -> Credentials {
    try known.withLock { (known) throws(StoreError) in
      if let known, (known.end ?? .max) - now > Self.secondsLeftMin { return known }
      let found = try find()
      known = found
      return found
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
