#if HTTPTypes
  public import HTTPTypes
  public import StaticAssets

  extension HTTPResponse {
    /// The head of `plain`, without `Date`.
    ///
    /// Do not add `Content-Length` where it is missing: a 304 must not have that of an empty body.
    public init(_ plain: PlainResponse) {
      self.init(status: Status(plain.status), headerFields: HTTPFields(plain.fields))
    }
  }

  extension HTTPResponse.Status {
    /// The status with the reason phrase of its RFC.
    public init(_ status: ResponseStatus) {
      self.init(code: Int(status.rawValue), reasonPhrase: "\(status.reason)")
    }
  }

  extension HTTPFields {
    /// The fields in their order.
    public init(_ fields: [PlainResponse.Field]) {
      self.init()
      // Room for the `Date` and `Server` fields of a framework.
      reserveCapacity(fields.count + 2)
      for field in fields {
        guard let name = HTTPField.Name(field.name) else { continue }
        append(HTTPField(name: name, value: field.value))
      }
    }
  }
#endif
