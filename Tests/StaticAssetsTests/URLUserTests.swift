import StaticAssets
import Testing

/// Messages with URLs that have a user and a password.
@Suite struct URLUserTests {
  @Test(
    "user and password are left out",
    arguments: [
      ("http://u:p@h/x", "http://...@h/x"), ("s3://AKIA:a/b@bucket/p", "s3://...@bucket/p"),
      ("http://u@h:80", "http://...@h:80"), ("http://h:80/@scope/x", "http://h:80/@scope/x"),
      ("http://h/@scope/x", "http://h/@scope/x"), ("http://[::1]:80/@x", "http://[::1]:80/@x"),
      ("/npm/@scope/x", "/npm/@scope/x"), ("u:p@h", "u:p@h"), ("", ""), ("://", "://"),
      ("http://a@b@c/", "http://...@c/"),
    ]
  )
  func leftOut(text: String, expected: String) {
    #expect(text.withoutURLUser == expected)
  }
}
