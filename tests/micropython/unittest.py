"""The part of `unittest` that the tests of core use, for MicroPython, which carries none."""

import sys


class SkipTest(Exception):
    pass


class _Raises:
    def __init__(self, expected):
        self.expected = expected
        self.exception = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            raise AssertionError("%s not raised" % (self.expected,))
        self.exception = value
        return issubclass(kind, self.expected)


class _SubTest:
    def __init__(self, text):
        self.text = text

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None and issubclass(kind, AssertionError):
            raise AssertionError("%s: %s" % (self.text, value))
        return False


class TestCase:
    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    def fail(self, message=""):
        raise AssertionError(message)

    def _check(self, ok, text, message):
        if not ok:
            raise AssertionError(text if message is None else "%s: %s" % (message, text))

    def assertEqual(self, a, b, msg=None):
        self._check(a == b, "%r != %r" % (a, b), msg)

    def assertNotEqual(self, a, b, msg=None):
        self._check(a != b, "%r == %r" % (a, b), msg)

    def assertTrue(self, a, msg=None):
        self._check(a, "%r is not true" % (a,), msg)

    def assertFalse(self, a, msg=None):
        self._check(not a, "%r is not false" % (a,), msg)

    def assertIs(self, a, b, msg=None):
        self._check(a is b, "%r is not %r" % (a, b), msg)

    def assertIsNone(self, a, msg=None):
        self._check(a is None, "%r is not None" % (a,), msg)

    def assertIsNotNone(self, a, msg=None):
        self._check(a is not None, "None", msg)

    def assertIn(self, a, b, msg=None):
        self._check(a in b, "%r not in %r" % (a, b), msg)

    def assertNotIn(self, a, b, msg=None):
        self._check(a not in b, "%r in %r" % (a, b), msg)

    def assertGreater(self, a, b, msg=None):
        self._check(a > b, "%r <= %r" % (a, b), msg)

    def assertGreaterEqual(self, a, b, msg=None):
        self._check(a >= b, "%r < %r" % (a, b), msg)

    def assertLess(self, a, b, msg=None):
        self._check(a < b, "%r >= %r" % (a, b), msg)

    def assertLessEqual(self, a, b, msg=None):
        self._check(a <= b, "%r > %r" % (a, b), msg)

    def assertRaises(self, expected, call=None, *args, **kwargs):
        context = _Raises(expected)
        if call is None:
            return context
        with context:
            call(*args, **kwargs)
        return context

    def subTest(self, msg="", **params):
        return _SubTest("%s %s" % (msg, params))

    def skipTest(self, reason):
        raise SkipTest(reason)


def run_module(module):
    """Run every test of `module`; returns (passed, failed, skipped)."""
    passed = failed = skipped = 0
    for name in sorted(dir(module)):
        cls = getattr(module, name)
        if not (isinstance(cls, type) and issubclass(cls, TestCase)) or cls is TestCase:
            continue
        cls.setUpClass()
        for test in sorted(dir(cls)):
            if not test.startswith("test"):
                continue
            case = cls()
            try:
                case.setUp()
                try:
                    getattr(case, test)()
                finally:
                    case.tearDown()
                passed += 1
            except SkipTest as reason:
                skipped += 1
                print("SKIP %s.%s: %s" % (name, test, reason))
            except Exception as error:
                failed += 1
                print("FAIL %s.%s" % (name, test))
                sys.print_exception(error)
    return passed, failed, skipped
