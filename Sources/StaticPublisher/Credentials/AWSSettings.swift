internal import Glibc
internal import StaticAssets
internal import StaticCollector

/// The settings in the environment and in the files of the AWS tools.
///
/// The names and their order are botocore's.
struct AWSSettings: Sendable {
  /// The bytes of the value of a variable; nil if it is not set or empty.
  let path: @Sendable (String) -> BytePath?
  private let credentialsFile: ProfileFile?
  private let configFile: ProfileFile?

  /// The profile in use, and whether it was named.
  let profile: String
  private let isProfileNamed: Bool

  /// - Parameters:
  ///   - path: the bytes of the value of a variable; nil if it is not set or empty.
  ///   - file: the text of a file; nil if it cannot be read.
  init(
    path: @escaping @Sendable (String) -> BytePath?,
    file: (BytePath) -> String?
  ) {
    self.path = path
    let home = path("HOME") ?? "/"
    func read(_ name: String, _ standard: String) -> ProfileFile? {
      let place = path(name) ?? BytePath("~/.aws/\(standard)")
      let isInHome = place.bytes.starts(with: "~/".utf8)
      let below = BytePath(place.bytes.dropFirst(2))
      return file(isInHome ? home.appending(below) : place).map { ProfileFile($0) }
    }
    let variable = { (name: String) in path(name)?.description }
    credentialsFile = read("AWS_SHARED_CREDENTIALS_FILE", "credentials")
    configFile = read("AWS_CONFIG_FILE", "config")
    let named = variable("AWS_PROFILE") ?? variable("AWS_DEFAULT_PROFILE")
    profile = named ?? "default"
    isProfileNamed = named != nil
  }

  /// The settings of this process.
  static func ofProcess() -> AWSSettings {
    AWSSettings(path: { Environment.path($0) }, file: Self.text)
  }

  /// The value of a variable with invalid UTF-8 replaced; nil if it is not set or empty.
  func variable(_ name: String) -> String? { path(name)?.description }

  /// The text of a file; nil if it cannot be read.
  @Sendable static func text(_ path: BytePath) -> String? {
    guard let file = try? Descriptor.open(path, flags: FileFlags.read),
      let bytes = try? file.readAll(path: path)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The region that requests are signed for; `us-east-1` by default.
  var region: String {
    variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION")
      ?? profileKeys["region"] ?? "us-east-1"
  }

  /// The endpoint of S3, and where it is set; nil for AWS.
  var endpoint: (url: String, place: String)? {
    for name in ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"] {
      if let url = variable(name) { return (url, name) }
    }
    return profileKeys["endpoint_url"].map { ($0, "endpoint_url of the profile '\(profile)'") }
  }

  /// The keys of the profile in both files; those in `credentials` take precedence.
  private var profileKeys: [String: String] {
    (configFile?.configuration(of: profile) ?? [:])
      .merging(credentialsFile?.credentials(of: profile) ?? [:]) { _, own in own }
  }

  /// The credentials in the environment; nil for none.
  func environmentCredentials() throws(StoreError) -> Credentials? {
    guard let accessKey = variable("AWS_ACCESS_KEY_ID") else { return nil }
    guard let secretKey = variable("AWS_SECRET_ACCESS_KEY") else {
      throw .usage("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not; set both")
    }
    return Credentials(
      accessKey: accessKey,
      secretKey: secretKey,
      sessionToken: variable("AWS_SESSION_TOKEN")
    )
  }

  /// The credentials of the profile; nil for none.
  func profileCredentials() throws(StoreError) -> Credentials? {
    let own = credentialsFile?.credentials(of: profile)
    let configured = configFile?.configuration(of: profile)
    guard own != nil || configured != nil else {
      guard isProfileNamed else { return nil }
      throw .usage("AWS_PROFILE is '\(profile)': neither file of the AWS tools has this profile")
    }
    let all = profileKeys
    // With a key in `credentials`, botocore does not run a process.
    let hasKey = own?["aws_access_key_id"] != nil
    for key in ["role_arn", "sso_session", "sso_start_url", "credential_process"]
    where all[key] != nil && !(hasKey && key == "credential_process") {
      throw .usage(
        "the profile '\(profile)' has \(key), which is not read here; put credentials into the "
          + "environment: eval \"$(aws configure export-credentials --format env)\""
      )
    }
    // Both keys come from one file.
    for keys in [own, configured] {
      guard let keys, let accessKey = keys["aws_access_key_id"] else { continue }
      guard let secretKey = keys["aws_secret_access_key"] else {
        throw .usage("the profile '\(profile)' has aws_access_key_id and no aws_secret_access_key")
      }
      return Credentials(
        accessKey: accessKey,
        secretKey: secretKey,
        sessionToken: keys["aws_session_token"] ?? keys["aws_security_token"]
      )
    }
    return nil
  }
}
