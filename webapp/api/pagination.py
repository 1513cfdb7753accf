from rest_framework.pagination import PageNumberPagination

#: What an id in a path looks like; anything else is a 404 before the database is asked.
ID = r"[0-9]{1,15}"


class Pages(PageNumberPagination):
    """Every list is paged: `?page=2&page_size=100`."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
