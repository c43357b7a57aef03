import StaticAssets
import StaticCollector
import Testing

@testable import StaticPublisher

/// Addresses of stores, and the names of keys.
///
/// Goal: every form of URL that an operator may write; a URL with a secret, which the list of
/// processes would show, is refused.
@Suite struct AddressTests {
  @Test(arguments: [
    ("https://s3.example.com", "https://s3.example.com", 443, ""),
    ("HTTP://s3.example.com:80/", "http://s3.example.com", 80, "/"),
    ("http://127.0.0.1:9000/base/", "http://127.0.0.1:9000", 9000, "/base/"),
    ("https://[::1]:8443", "https://[::1]:8443", 8443, ""),
    ("http://a/@x/", "http://a", 80, "/@x/"), ("http://a/stätic/", "http://a", 80, "/st%C3%A4tic/"),
  ])
  func readsURL(text: String, url: String, port: Int, path: String) throws {
    let (address, rest) = try #require(HTTPAddress.parse(text))
    #expect(address.url == url && address.port == port && rest == path)
  }

  @Test(arguments: [
    "", "s3.example.com", "ftp://s3.example.com", "https://", "https://:443", "https://a:0",
    "https://a:65536", "https://a:b", "https://key:secret@a", "https://a?b", "https://a#b",
    "https://[::1", "https://[a]", "https://a b", "https://a%00",
    "http://a/b\r\nX-Evil: 1", "http://a/\t", "http://a/\u{7F}", "https://key@a/b",
  ])
  func refusesURL(text: String) {
    #expect(HTTPAddress.parse(text) == nil)
  }

  struct Place: Sendable {
    var url: String
    var endpoint: String?
    var host: String
    var bucketPath: String
    var keyPath: String
  }

  @Test(arguments: [
    Place(
      url: "s3://assets",
      endpoint: nil,
      host: "https://assets.s3.eu-west-1.amazonaws.com",
      bucketPath: "/",
      keyPath: "/a%20b.css"
    ),
    Place(
      url: "s3://assets/static/",
      endpoint: nil,
      host: "https://assets.s3.eu-west-1.amazonaws.com",
      bucketPath: "/",
      keyPath: "/static/a%20b.css"
    ),
    Place(
      url: "s3://www.example.com/x//y",
      endpoint: nil,
      host: "https://s3.eu-west-1.amazonaws.com",
      bucketPath: "/www.example.com",
      keyPath: "/www.example.com/x/y/a%20b.css"
    ),
    Place(
      url: "s3://assets/p",
      endpoint: "http://127.0.0.1:9000/s3/",
      host: "http://127.0.0.1:9000",
      bucketPath: "/s3/assets",
      keyPath: "/s3/assets/p/a%20b.css"
    ),
    // A key is any text: what would be a query, a fragment or an escape in a URL is a part of it.
    Place(
      url: "s3://assets/a?b=c#d/",
      endpoint: nil,
      host: "https://assets.s3.eu-west-1.amazonaws.com",
      bucketPath: "/",
      keyPath: "/a%3Fb%3Dc%23d/a%20b.css"
    ),
    Place(
      url: "s3://assets//%2e%2e/é//",
      endpoint: nil,
      host: "https://assets.s3.eu-west-1.amazonaws.com",
      bucketPath: "/",
      keyPath: "/%252e%252e/%C3%A9/a%20b.css"
    ),
  ])
  func placesObjects(place: Place) throws {
    let address = try StoreAddress(place.url, endpoint: place.endpoint)
    #expect(address.host(region: "eu-west-1").url == place.host)
    #expect(address.path(nil) == place.bucketPath)
    #expect(address.path(address.key("a b.css")) == place.keyPath)
    #expect(address.name(ofKey: address.key("a b.css")) == "a b.css")
  }

  @Test(arguments: [
    "assets", "http://assets", "s3://", "s3://ab", "s3://a_b c", "s3:///x", "s3://-ab/x",
    "s3://assets/../x", "s3://assets/./x", "s3://key:secret@assets/x",
  ])
  func refusesPlace(url: String) {
    #expect(throws: StoreError.self) { try StoreAddress(url, endpoint: nil) }
  }

  @Test(
    "an error of an earlier release has no URL, which its place names",
    arguments: [
      ("http://assets/x", "give s3://BUCKET/PREFIX"), ("S3://assets", "give s3://BUCKET/PREFIX"),
      ("s3://ab/?x=y", "this is no bucket's name; give s3://BUCKET/PREFIX"),
      ("s3://assets?x", "this is no bucket's name; give s3://BUCKET/PREFIX"),
      ("s3://key:sec/ret@assets/x", "this is no bucket's name; give s3://BUCKET/PREFIX"),
      ("s3://'a': b/", "this is no bucket's name; give s3://BUCKET/PREFIX"),
      ("s3://assets/a/../b/", "a prefix has no '.' and '..'"),
    ]
  )
  func earlierRelease(url: String, reason: String) {
    let error = #expect(throws: ReleaseStoreError.self) { try PublishedReleases(url) }
    #expect(error?.description == reason)
  }

  @Test("keys outside the prefix have no name")
  func otherKeys() throws {
    let address = try StoreAddress("s3://assets/static", endpoint: nil)
    for key in ["static", "static/", "staticx/a", "other/a"] {
      #expect(address.name(ofKey: Array(key.utf8)) == nil, "\(key)")
    }
  }

  @Test("China has a separate domain")
  func china() throws {
    let host = try StoreAddress("s3://assets", endpoint: nil).host(region: "cn-north-1").host
    #expect(host == "assets.s3.cn-north-1.amazonaws.com.cn")
  }

  @Test(arguments: [
    ("a+b%2Bc%25%C3%A9", "a b+c%é"), ("%zz%4", "%zz%4"), ("a/b", "a/b"), ("", ""),
  ])
  func decodesKeys(text: String, key: String) {
    #expect(URIText.decode(text) == Array(key.utf8))
  }
}
