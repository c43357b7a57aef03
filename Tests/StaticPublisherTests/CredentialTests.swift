import StaticAssets
import Testing

@testable import StaticPublisher

/// The sources of credentials, by the rules of botocore.
@Suite struct CredentialTests {
  static let credentialsFile = """
    # A comment
    [default]
    aws_access_key_id = DEFAULTKEY
    aws_secret_access_key=default/secret=+
    [ci]
      AWS_Access_Key_Id : CIKEY
      aws_secret_access_key : cisecret
      aws_session_token = citoken
    ; another
    [broken]
    aws_access_key_id = X
    [both]
    aws_access_key_id = B
    aws_secret_access_key = b
    region = ap-south-1
    endpoint_url = https://own.example.com
    [role]
    role_arn = arn:aws:iam::1:role/x
    source_profile = default
    """
  static let configFile = """
    [default]
    region = eu-central-1
    s3 =
        max_concurrent_requests = 5
        region = nested
    [profile ci]
    region = eu-west-3
    endpoint_url = https://s3.ci.example.com
    [profile "with space"]
    aws_access_key_id = SPACEKEY
    aws_secret_access_key = spacesecret
    [profile both]
    region = eu-north-1
    endpoint_url = https://other.example.com
    [profile sso]
    sso_session = x
    [ci]
    region = wrong
    """

  static func settings(_ variables: [String: String]) -> AWSSettings {
    AWSSettings(path: { variables[$0].map { BytePath($0) } }) { path in
      switch path {
      case "/home/u/.aws/credentials", "/else/credentials": credentialsFile
      case "/home/u/.aws/config": configFile
      default: nil
      }
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var variables: [String: String]
    var accessKey: String?
    var secretKey: String?
    var token: String?
    var region = "us-east-1"

    var testDescription: String { variables.sorted { $0.key < $1.key }.description }
  }

  @Test(arguments: [
    Row(variables: [:]),
    Row(
      variables: ["HOME": "/home/u"],
      accessKey: "DEFAULTKEY",
      secretKey: "default/secret=+",
      region: "eu-central-1"
    ),
    Row(
      variables: ["HOME": "/home/u", "AWS_PROFILE": "ci"],
      accessKey: "CIKEY",
      secretKey: "cisecret",
      token: "citoken",
      region: "eu-west-3"
    ),
    Row(
      variables: ["HOME": "/home/u", "AWS_PROFILE": "with space", "AWS_REGION": "x-1"],
      accessKey: "SPACEKEY",
      secretKey: "spacesecret",
      region: "x-1"
    ),
    Row(
      variables: ["AWS_SHARED_CREDENTIALS_FILE": "/else/credentials", "AWS_DEFAULT_REGION": "y-1"],
      accessKey: "DEFAULTKEY",
      secretKey: "default/secret=+",
      region: "y-1"
    ),
    // The environment overrides a profile.
    Row(
      variables: [
        "HOME": "/home/u", "AWS_PROFILE": "ci", "AWS_ACCESS_KEY_ID": "E",
        "AWS_SECRET_ACCESS_KEY": "S", "AWS_SESSION_TOKEN": "T",
      ],
      accessKey: "E",
      secretKey: "S",
      token: "T",
      region: "eu-west-3"
    ),
  ])
  func finds(row: Row) throws {
    let settings = Self.settings(row.variables)
    let found = try settings.environmentCredentials() ?? settings.profileCredentials()
    #expect(found?.accessKey == row.accessKey)
    #expect(found?.secretKey == row.secretKey)
    #expect(found?.sessionToken == row.token)
    #expect(settings.region == row.region)
  }

  @Test(arguments: [
    (["AWS_ACCESS_KEY_ID": "E"], "AWS_SECRET_ACCESS_KEY"),
    (["HOME": "/home/u", "AWS_PROFILE": "none"], "'none'"),
    (["HOME": "/home/u", "AWS_PROFILE": "broken"], "aws_secret_access_key"),
    (["HOME": "/home/u", "AWS_PROFILE": "role"], "role_arn"),
    (["HOME": "/home/u", "AWS_PROFILE": "sso"], "sso_session"),
  ])
  func refuses(variables: [String: String], word: String) {
    let settings = Self.settings(variables)
    #expect {
      _ = try settings.environmentCredentials()
      _ = try settings.profileCredentials()
    } throws: { error in
      guard case .usage(let line) = error as? StoreError else { return false }
      return line.contains(word)
    }
  }

  @Test func endpointOfProfile() {
    #expect(Self.settings(["HOME": "/home/u"]).endpoint == nil)
    let profile = ["HOME": "/home/u", "AWS_PROFILE": "ci"]
    #expect(Self.settings(profile).endpoint?.url == "https://s3.ci.example.com")
    let variable = profile.merging(["AWS_ENDPOINT_URL_S3": "http://x"]) { $1 }
    #expect(Self.settings(variable).endpoint?.url == "http://x")
    #expect(Self.settings(variable).endpoint?.place == "AWS_ENDPOINT_URL_S3")
    // As in botocore, the keys of `credentials` take precedence.
    let both = Self.settings(["HOME": "/home/u", "AWS_PROFILE": "both"])
    #expect(both.endpoint?.url == "https://own.example.com" && both.region == "ap-south-1")
  }

  @Test(arguments: [
    ("https://example.com", true), ("http://127.0.0.1:8080", true), ("http://localhost", true),
    ("http://169.254.170.2", true), ("http://169.254.170.23", true),
    ("http://[fd00:ec2::23]", true),
    ("http://169.254.170.3", false), ("http://example.com", false),
    ("http://127.evil.invalid", false), ("http://127.0.0.1.evil.invalid", false),
    ("http://127.0.0.256", false), ("http://127.1", false), ("http://127.255.0.1", true),
    ("http://localhost.example.com", false),
  ])
  func allowsService(url: String, isAllowed: Bool) throws {
    let address = try #require(HTTPAddress.parse(url)?.address)
    #expect(MetadataCredentials.isAllowed(address) == isAllowed)
  }

  @Test func readsAnswer() {
    let answer = """
      {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "A", "SecretAccessKey": "S/+",
       "Token": "T", "Expiration": "2026-11-29T20:15:30Z", "LastUpdated": "x", "n": [1, {}]}
      """
    let found = MetadataCredentials.credentials(in: Array(answer.utf8))
    #expect(
      found
        == Credentials(
          accessKey: "A",
          secretKey: "S/+",
          sessionToken: "T",
          end: 1_795_983_330
        )
    )
    for text in ["", "{}", "{\"AccessKeyId\": \"A\"}", "{\"AccessKeyId\": 1}", "not JSON"] {
      #expect(MetadataCredentials.credentials(in: Array(text.utf8)) == nil, "\(text)")
    }
  }
}
