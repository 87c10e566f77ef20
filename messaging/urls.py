"""The pages of the outbox."""

from django.urls import path

from messaging.views import coordinator, receipts

app_name = "messaging"

urlpatterns = [
    path("modtaget/mail/", receipts.mail_receipt, name="mail_receipt"),
    path("modtaget/sms/", receipts.sms_receipt, name="sms_receipt"),
    path("beskeder/", coordinator.message_list, name="message_list"),
    path("beskeder/<int:pk>/", coordinator.message_detail, name="message_detail"),
    path("beskeder/<int:pk>/send-ikke/", coordinator.message_cancel, name="message_cancel"),
    path("beskeder/<int:pk>/proev-igen/", coordinator.message_retry, name="message_retry"),
    path("beskeder/<int:pk>/kom-frem/", coordinator.message_confirm, name="message_confirm"),
    path("beskeder/<int:pk>/send-igen/", coordinator.message_send_again, name="message_send_again"),
]
